import subprocess
import sys

import pandas as pd

from zhiyin import lab
from zhiyin.unify.linking import links

ROWS = pd.DataFrame(
    {
        "id": ["b", "a", "c", "d"],
        "姓名": ["王丽", "王 莉", "赵六", "孙七"],
        "手机": ["13812345678", "+86 138 1234 5678", "15900001111", "18600002222"],
        "生日": ["1990-01-02", "1990/1/2", "1971-05-06", None],
    }
)


def test_the_lab_asks_the_engine_of_the_product():
    assert lab.link is links.link and lab.fit_linker is links.fit_linker
    assert lab.link(ROWS)[["left_id", "right_id"]].values.tolist() == [["a", "b"]]


def test_the_lab_needs_nothing_but_a_frame():
    code = "import zhiyin.lab, sys; sys.exit('zhiyin.store' in sys.modules or 'zhiyin.app' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
