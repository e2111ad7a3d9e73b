WITH `t16` AS (
  SELECT
    `t13`.`category`,
    `t13`.`department`
  FROM (
    SELECT
      `t8`.`category`,
      `t8`.`department`,
      `t8`.`products`,
      ROW_NUMBER() OVER (
        PARTITION BY `t8`.`category`
        ORDER BY `t8`.`products` DESC, `t8`.`department` ASC NULLS LAST
      ) - 1 AS `place`
    FROM (
      SELECT
        `t4`.`category`,
        `t4`.`department`,
        COUNT(*) AS `products`
      FROM (
        SELECT
          *
        FROM `product` AS `t1`
        WHERE
          `t1`.`category` <> '' AND `t1`.`department` <> ''
      ) AS `t4`
      GROUP BY
        1,
        2
    ) AS `t8`
  ) AS `t13`
  WHERE
    `t13`.`place` = 0
)
SELECT
  `t38`.`customer_id`,
  `t38`.`category`,
  `t38`.`at_on`,
  `t38`.`pair_orders`,
  `t38`.`pair_days_since`,
  `t38`.`pair_age`,
  CAST(`t38`.`pair_spend` AS BIGINT) AS `pair_spend`,
  CAST(`t38`.`pair_lines` AS BIGINT) AS `pair_lines`,
  `t38`.`pair_discount_share`,
  `t38`.`pair_gap_mean`,
  `t38`.`pair_gap_std`,
  `t38`.`pair_gap_median`,
  CAST(`t38`.`pair_gap_max` AS BIGINT) AS `pair_gap_max`,
  CAST(`t38`.`pair_gap_last` AS BIGINT) AS `pair_gap_last`,
  CAST(`t38`.`pair_last_spend` AS BIGINT) AS `pair_last_spend`,
  `t38`.`pair_days_140d`,
  `t38`.`category_buyers_28d`,
  `t38`.`category_buyers_56d`,
  `t38`.`category_buyers_84d`,
  `t38`.`category_gap`,
  `t38`.`category_frequency`,
  `t38`.`category_promotion`,
  COALESCE(`t38`.`department_days_28d`, 0) AS `department_days_28d`,
  COALESCE(`t38`.`department_days_56d`, 0) AS `department_days_56d`,
  COALESCE(`t38`.`department_days_84d`, 0) AS `department_days_84d`
FROM (
  SELECT
    `t37`.`customer_id`,
    `t37`.`category`,
    `t37`.`at_on`,
    `t37`.`pair_days_since`,
    `t37`.`pair_gap_last`,
    `t37`.`pair_last_spend`,
    `t37`.`pair_orders`,
    `t37`.`pair_age`,
    `t37`.`pair_spend`,
    `t37`.`pair_lines`,
    `t37`.`pair_gap_median`,
    `t37`.`pair_gap_max`,
    `t37`.`pair_days_140d`,
    `t37`.`gaps`,
    `t37`.`gap_sum`,
    `t37`.`gap_squares`,
    `t37`.`discount`,
    `t37`.`pair_discount_share`,
    `t37`.`pair_gap_mean`,
    `t37`.`pair_gap_std`,
    `t37`.`category_buyers_28d`,
    `t37`.`category_buyers_56d`,
    `t37`.`category_buyers_84d`,
    `t37`.`category_gap`,
    `t37`.`category_frequency`,
    `t37`.`spend`,
    `t37`.`discount_right`,
    `t37`.`spend_14d`,
    `t37`.`discount_14d`,
    `t37`.`category_promotion`,
    `t37`.`department`,
    `t34`.`customer_id` AS `customer_id_right`,
    `t34`.`department` AS `department_right`,
    `t34`.`at_on` AS `at_on_right`,
    `t34`.`department_days_28d`,
    `t34`.`department_days_56d`,
    `t34`.`department_days_84d`
  FROM (
    SELECT
      `t35`.`customer_id`,
      `t35`.`category`,
      `t35`.`at_on`,
      `t35`.`pair_days_since`,
      `t35`.`pair_gap_last`,
      `t35`.`pair_last_spend`,
      `t35`.`pair_orders`,
      `t35`.`pair_age`,
      `t35`.`pair_spend`,
      `t35`.`pair_lines`,
      `t35`.`pair_gap_median`,
      `t35`.`pair_gap_max`,
      `t35`.`pair_days_140d`,
      `t35`.`gaps`,
      `t35`.`gap_sum`,
      `t35`.`gap_squares`,
      `t35`.`discount`,
      `t35`.`pair_discount_share`,
      `t35`.`pair_gap_mean`,
      `t35`.`pair_gap_std`,
      `t35`.`category_buyers_28d`,
      `t35`.`category_buyers_56d`,
      `t35`.`category_buyers_84d`,
      `t35`.`category_gap`,
      `t35`.`category_frequency`,
      `t35`.`spend`,
      `t35`.`discount_right`,
      `t35`.`spend_14d`,
      `t35`.`discount_14d`,
      `t35`.`category_promotion`,
      `t35`.`department`
    FROM (
      SELECT
        `t33`.`customer_id`,
        `t33`.`category`,
        `t33`.`at_on`,
        `t33`.`pair_days_since`,
        `t33`.`pair_gap_last`,
        `t33`.`pair_last_spend`,
        `t33`.`pair_orders`,
        `t33`.`pair_age`,
        `t33`.`pair_spend`,
        `t33`.`pair_lines`,
        `t33`.`pair_gap_median`,
        `t33`.`pair_gap_max`,
        `t33`.`pair_days_140d`,
        `t33`.`gaps`,
        `t33`.`gap_sum`,
        `t33`.`gap_squares`,
        `t33`.`discount`,
        `t33`.`pair_discount_share`,
        `t33`.`pair_gap_mean`,
        `t33`.`pair_gap_std`,
        `t29`.`category_buyers_28d`,
        `t29`.`category_buyers_56d`,
        `t29`.`category_buyers_84d`,
        `t29`.`category_gap`,
        `t29`.`category_frequency`,
        `t29`.`spend`,
        `t29`.`discount` AS `discount_right`,
        `t29`.`spend_14d`,
        `t29`.`discount_14d`,
        `t29`.`category_promotion`,
        `t18`.`category` AS `category_right`,
        `t18`.`department`
      FROM (
        SELECT
          `t28`.`customer_id`,
          `t28`.`category`,
          `t28`.`at_on`,
          `t28`.`pair_days_since`,
          `t28`.`pair_gap_last`,
          `t28`.`pair_last_spend`,
          `t28`.`pair_orders`,
          `t28`.`pair_age`,
          `t28`.`pair_spend`,
          `t28`.`pair_lines`,
          `t28`.`pair_gap_median`,
          `t28`.`pair_gap_max`,
          `t28`.`pair_days_140d`,
          `t28`.`gaps`,
          `t28`.`gap_sum`,
          `t28`.`gap_squares`,
          `t28`.`discount`,
          COALESCE(
            TRY_DIVIDE(`t28`.`discount`, NULLIF(`t28`.`discount` + `t28`.`pair_spend`, 0)),
            0.0
          ) AS `pair_discount_share`,
          TRY_DIVIDE(`t28`.`gap_sum`, NULLIF(`t28`.`gaps`, 0)) AS `pair_gap_mean`,
          SQRT(
            TRY_DIVIDE(
              GREATEST(
                (
                  `t28`.`gaps` * `t28`.`gap_squares`
                ) - (
                  `t28`.`gap_sum` * `t28`.`gap_sum`
                ),
                0.0
              ),
              NULLIF(`t28`.`gaps` * (
                `t28`.`gaps` - 1
              ), 0)
            )
          ) AS `pair_gap_std`
        FROM (
          SELECT
            `t23`.`customer_id`,
            `t23`.`category`,
            `t23`.`at_on`,
            `t23`.`pair_days_since`,
            `t23`.`pair_gap_last`,
            `t23`.`pair_last_spend`,
            COUNT(*) AS `pair_orders`,
            MAX(DATEDIFF(DAY, `t23`.`on`, `t23`.`at_on`)) AS `pair_age`,
            COALESCE(SUM(`t23`.`spend`), 0.0) AS `pair_spend`,
            COALESCE(SUM(`t23`.`lines`), 0.0) AS `pair_lines`,
            PERCENTILE(`t23`.`gap`, 0.5) AS `pair_gap_median`,
            MAX(`t23`.`gap`) AS `pair_gap_max`,
            SUM(CAST(DATEDIFF(DAY, `t23`.`on`, `t23`.`at_on`) <= 140 AS BIGINT)) AS `pair_days_140d`,
            CAST(COUNT(`t23`.`gap`) AS DOUBLE) AS `gaps`,
            COALESCE(SUM(`t23`.`gap`), 0.0) AS `gap_sum`,
            COALESCE(SUM(`t23`.`gap` * `t23`.`gap`), 0.0) AS `gap_squares`,
            COALESCE(SUM(`t23`.`discount`), 0.0) AS `discount`
          FROM (
            SELECT
              *
            FROM (
              SELECT
                `t15`.`customer_id`,
                `t15`.`category`,
                `t15`.`at_on`,
                `t15`.`pair_days_since`,
                `t15`.`pair_gap_last`,
                `t15`.`pair_last_spend`,
                `t3`.`on`,
                `t3`.`spend`,
                `t3`.`discount`,
                `t3`.`lines`,
                `t3`.`coupon_lines`,
                `t3`.`gap`,
                `t3`.`next_on`
              FROM (
                SELECT
                  `t11`.`customer_id`,
                  `t11`.`category`,
                  `t11`.`at_on`,
                  DATEDIFF(DAY, `t11`.`on`, `t11`.`at_on`) AS `pair_days_since`,
                  `t11`.`gap` AS `pair_gap_last`,
                  `t11`.`spend` AS `pair_last_spend`
                FROM (
                  SELECT
                    `t9`.`customer_id`,
                    `t9`.`category`,
                    `t9`.`on`,
                    `t9`.`spend`,
                    `t9`.`discount`,
                    `t9`.`lines`,
                    `t9`.`coupon_lines`,
                    `t9`.`gap`,
                    `t9`.`next_on`,
                    `t6`.`at_on`
                  FROM (
                    SELECT
                      *
                    FROM `category_days` AS `t0`
                    WHERE
                      (
                        `t0`.`next_on` IS NULL
                      )
                      OR (
                        DATEDIFF(DAY, `t0`.`on`, `t0`.`next_on`) >= 56
                      )
                  ) AS `t9`
                  CROSS JOIN (
                    SELECT
                      EXPLODE(ARRAY(MAKE_DATE(2026, 10, 24), MAKE_DATE(2026, 11, 21))) AS `at_on`
                  ) AS `t6`
                ) AS `t11`
                WHERE
                  `t11`.`on` < `t11`.`at_on`
                  AND DATEDIFF(DAY, `t11`.`on`, `t11`.`at_on`) >= 56
                  AND (
                    (
                      `t11`.`next_on` IS NULL
                    ) OR (
                      `t11`.`next_on` >= `t11`.`at_on`
                    )
                  )
              ) AS `t15`
              INNER JOIN `category_days` AS `t3`
                ON `t15`.`customer_id` = `t3`.`customer_id` AND `t15`.`category` = `t3`.`category`
            ) AS `t20`
            WHERE
              `t20`.`on` < `t20`.`at_on`
          ) AS `t23`
          GROUP BY
            1,
            2,
            3,
            4,
            5,
            6
        ) AS `t28`
      ) AS `t33`
      INNER JOIN (
        SELECT
          `t21`.`category`,
          `t21`.`at_on`,
          `t21`.`category_buyers_28d`,
          `t21`.`category_buyers_56d`,
          `t21`.`category_buyers_84d`,
          `t21`.`category_gap`,
          `t21`.`category_frequency`,
          `t21`.`spend`,
          `t21`.`discount`,
          `t21`.`spend_14d`,
          `t21`.`discount_14d`,
          COALESCE(
            TRY_DIVIDE(`t21`.`discount_14d`, NULLIF(`t21`.`discount_14d` + `t21`.`spend_14d`, 0)),
            0.0
          ) - COALESCE(TRY_DIVIDE(`t21`.`discount`, NULLIF(`t21`.`discount` + `t21`.`spend`, 0)), 0.0) AS `category_promotion`
        FROM (
          SELECT
            `t12`.`category`,
            `t12`.`at_on`,
            SUM(
              CAST((
                (
                  `t12`.`next_on` IS NULL
                )
                OR (
                  DATEDIFF(DAY, `t12`.`next_on`, `t12`.`at_on`) <= 0
                )
              )
              AND (
                `t12`.`age` <= 28
              ) AS BIGINT)
            ) AS `category_buyers_28d`,
            SUM(
              CAST((
                (
                  `t12`.`next_on` IS NULL
                )
                OR (
                  DATEDIFF(DAY, `t12`.`next_on`, `t12`.`at_on`) <= 28
                )
              )
              AND (
                `t12`.`age` > 28
              )
              AND (
                `t12`.`age` <= 56
              ) AS BIGINT)
            ) AS `category_buyers_56d`,
            SUM(
              CAST((
                (
                  `t12`.`next_on` IS NULL
                )
                OR (
                  DATEDIFF(DAY, `t12`.`next_on`, `t12`.`at_on`) <= 0
                )
              )
              AND (
                `t12`.`age` <= 84
              ) AS BIGINT)
            ) AS `category_buyers_84d`,
            PERCENTILE(IF(`t12`.`age` <= 112, `t12`.`gap`, NULL), IF(`t12`.`age` <= 112, 0.5, NULL)) AS `category_gap`,
            TRY_DIVIDE(
              COUNT(*),
              NULLIF(SUM(CAST(`t12`.`gap` IS NULL OR ISNAN(`t12`.`gap`) AS BIGINT)), 0)
            ) AS `category_frequency`,
            COALESCE(SUM(`t12`.`spend`), 0.0) AS `spend`,
            COALESCE(SUM(`t12`.`discount`), 0.0) AS `discount`,
            COALESCE(SUM(IF(`t12`.`age` <= 14, `t12`.`spend`, 0.0)), 0.0) AS `spend_14d`,
            COALESCE(SUM(IF(`t12`.`age` <= 14, `t12`.`discount`, 0.0)), 0.0) AS `discount_14d`
          FROM (
            SELECT
              `t10`.`customer_id`,
              `t10`.`category`,
              `t10`.`on`,
              `t10`.`spend`,
              `t10`.`discount`,
              `t10`.`lines`,
              `t10`.`coupon_lines`,
              `t10`.`gap`,
              `t10`.`next_on`,
              `t10`.`at_on`,
              DATEDIFF(DAY, `t10`.`on`, `t10`.`at_on`) AS `age`
            FROM (
              SELECT
                `t2`.`customer_id`,
                `t2`.`category`,
                `t2`.`on`,
                `t2`.`spend`,
                `t2`.`discount`,
                `t2`.`lines`,
                `t2`.`coupon_lines`,
                `t2`.`gap`,
                `t2`.`next_on`,
                `t6`.`at_on`
              FROM `category_days` AS `t2`
              CROSS JOIN (
                SELECT
                  EXPLODE(ARRAY(MAKE_DATE(2026, 10, 24), MAKE_DATE(2026, 11, 21))) AS `at_on`
              ) AS `t6`
            ) AS `t10`
            WHERE
              `t10`.`on` < `t10`.`at_on`
          ) AS `t12`
          GROUP BY
            1,
            2
        ) AS `t21`
      ) AS `t29`
        ON `t33`.`category` = `t29`.`category` AND `t33`.`at_on` = `t29`.`at_on`
      LEFT OUTER JOIN `t16` AS `t18`
        ON `t33`.`category` = `t18`.`category`
    ) AS `t35`
  ) AS `t37`
  LEFT OUTER JOIN (
    SELECT
      `t30`.`customer_id`,
      `t30`.`department`,
      `t30`.`at_on`,
      SUM(CAST(`t30`.`age` <= 28 AS BIGINT)) AS `department_days_28d`,
      SUM(CAST(`t30`.`age` <= 56 AS BIGINT)) AS `department_days_56d`,
      SUM(CAST(`t30`.`age` <= 84 AS BIGINT)) AS `department_days_84d`
    FROM (
      SELECT
        `t26`.`customer_id`,
        `t26`.`department`,
        `t26`.`on`,
        `t26`.`at_on`,
        DATEDIFF(DAY, `t26`.`on`, `t26`.`at_on`) AS `age`
      FROM (
        SELECT
          `t25`.`customer_id`,
          `t25`.`department`,
          `t25`.`on`,
          `t6`.`at_on`
        FROM (
          SELECT DISTINCT
            *
          FROM (
            SELECT
              `t2`.`customer_id`,
              `t19`.`department`,
              `t2`.`on`
            FROM `category_days` AS `t2`
            INNER JOIN `t16` AS `t19`
              ON `t2`.`category` = `t19`.`category`
          ) AS `t22`
        ) AS `t25`
        CROSS JOIN (
          SELECT
            EXPLODE(ARRAY(MAKE_DATE(2026, 10, 24), MAKE_DATE(2026, 11, 21))) AS `at_on`
        ) AS `t6`
      ) AS `t26`
      WHERE
        `t26`.`on` < `t26`.`at_on` AND DATEDIFF(DAY, `t26`.`on`, `t26`.`at_on`) <= 84
    ) AS `t30`
    GROUP BY
      1,
      2,
      3
  ) AS `t34`
    ON `t37`.`customer_id` = `t34`.`customer_id`
    AND `t37`.`department` = `t34`.`department`
    AND `t37`.`at_on` = `t34`.`at_on`
) AS `t38`
