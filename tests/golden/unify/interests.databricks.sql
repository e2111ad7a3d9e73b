WITH `t7` AS (
  SELECT
    `t0`.`customer_id`,
    `t0`.`category`,
    `t0`.`on`,
    `t0`.`spend`,
    `t0`.`discount`,
    `t0`.`lines`,
    `t0`.`coupon_lines`,
    CAST(DATEDIFF(
      DAY,
      LAG(`t0`.`on`) OVER (
        PARTITION BY `t0`.`customer_id`, `t0`.`category`
        ORDER BY `t0`.`on` ASC NULLS LAST
      ),
      `t0`.`on`
    ) AS DOUBLE) AS `gap`,
    LEAD(`t0`.`on`) OVER (
      PARTITION BY `t0`.`customer_id`, `t0`.`category`
      ORDER BY `t0`.`on` ASC NULLS LAST
    ) AS `next_on`
  FROM `category_days` AS `t0`
), `t16` AS (
  SELECT
    `t12`.`category`,
    `t12`.`department`
  FROM (
    SELECT
      `t6`.`category`,
      `t6`.`department`,
      `t6`.`products`,
      ROW_NUMBER() OVER (
        PARTITION BY `t6`.`category`
        ORDER BY `t6`.`products` DESC, `t6`.`department` ASC NULLS LAST
      ) - 1 AS `place`
    FROM (
      SELECT
        `t3`.`category`,
        `t3`.`department`,
        COUNT(*) AS `products`
      FROM (
        SELECT
          *
        FROM `product` AS `t1`
        WHERE
          `t1`.`category` <> '' AND `t1`.`department` <> ''
      ) AS `t3`
      GROUP BY
        1,
        2
    ) AS `t6`
  ) AS `t12`
  WHERE
    `t12`.`place` = 0
)
SELECT
  `t41`.`customer_id`,
  `t41`.`category`,
  `t41`.`at_on`,
  `t41`.`pair_orders`,
  `t41`.`pair_days_since`,
  `t41`.`pair_age`,
  CAST(`t41`.`pair_spend` AS BIGINT) AS `pair_spend`,
  CAST(`t41`.`pair_lines` AS BIGINT) AS `pair_lines`,
  `t41`.`pair_discount_share`,
  `t41`.`pair_gap_mean`,
  `t41`.`pair_gap_std`,
  `t41`.`pair_gap_median`,
  CAST(`t41`.`pair_gap_max` AS BIGINT) AS `pair_gap_max`,
  CAST(`t41`.`pair_gap_last` AS BIGINT) AS `pair_gap_last`,
  CAST(`t41`.`pair_last_spend` AS BIGINT) AS `pair_last_spend`,
  `t41`.`pair_days_140d`,
  `t41`.`category_buyers_28d`,
  `t41`.`category_buyers_56d`,
  `t41`.`category_buyers_84d`,
  `t41`.`category_gap`,
  `t41`.`category_frequency`,
  `t41`.`category_promotion`,
  COALESCE(`t41`.`department_days_28d`, 0) AS `department_days_28d`,
  COALESCE(`t41`.`department_days_56d`, 0) AS `department_days_56d`,
  COALESCE(`t41`.`department_days_84d`, 0) AS `department_days_84d`
FROM (
  SELECT
    `t40`.`customer_id`,
    `t40`.`category`,
    `t40`.`at_on`,
    `t40`.`pair_days_since`,
    `t40`.`pair_gap_last`,
    `t40`.`pair_last_spend`,
    `t40`.`pair_orders`,
    `t40`.`pair_age`,
    `t40`.`pair_spend`,
    `t40`.`pair_lines`,
    `t40`.`pair_gap_median`,
    `t40`.`pair_gap_max`,
    `t40`.`pair_days_140d`,
    `t40`.`gaps`,
    `t40`.`gap_sum`,
    `t40`.`gap_squares`,
    `t40`.`discount`,
    `t40`.`pair_discount_share`,
    `t40`.`pair_gap_mean`,
    `t40`.`pair_gap_std`,
    `t40`.`category_buyers_28d`,
    `t40`.`category_buyers_56d`,
    `t40`.`category_buyers_84d`,
    `t40`.`category_gap`,
    `t40`.`category_frequency`,
    `t40`.`spend`,
    `t40`.`discount_right`,
    `t40`.`spend_14d`,
    `t40`.`discount_14d`,
    `t40`.`category_promotion`,
    `t40`.`department`,
    `t35`.`customer_id` AS `customer_id_right`,
    `t35`.`department` AS `department_right`,
    `t35`.`at_on` AS `at_on_right`,
    `t35`.`department_days_28d`,
    `t35`.`department_days_56d`,
    `t35`.`department_days_84d`
  FROM (
    SELECT
      `t38`.`customer_id`,
      `t38`.`category`,
      `t38`.`at_on`,
      `t38`.`pair_days_since`,
      `t38`.`pair_gap_last`,
      `t38`.`pair_last_spend`,
      `t38`.`pair_orders`,
      `t38`.`pair_age`,
      `t38`.`pair_spend`,
      `t38`.`pair_lines`,
      `t38`.`pair_gap_median`,
      `t38`.`pair_gap_max`,
      `t38`.`pair_days_140d`,
      `t38`.`gaps`,
      `t38`.`gap_sum`,
      `t38`.`gap_squares`,
      `t38`.`discount`,
      `t38`.`pair_discount_share`,
      `t38`.`pair_gap_mean`,
      `t38`.`pair_gap_std`,
      `t38`.`category_buyers_28d`,
      `t38`.`category_buyers_56d`,
      `t38`.`category_buyers_84d`,
      `t38`.`category_gap`,
      `t38`.`category_frequency`,
      `t38`.`spend`,
      `t38`.`discount_right`,
      `t38`.`spend_14d`,
      `t38`.`discount_14d`,
      `t38`.`category_promotion`,
      `t38`.`department`
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
        `t32`.`category_buyers_28d`,
        `t32`.`category_buyers_56d`,
        `t32`.`category_buyers_84d`,
        `t32`.`category_gap`,
        `t32`.`category_frequency`,
        `t32`.`spend`,
        `t32`.`discount` AS `discount_right`,
        `t32`.`spend_14d`,
        `t32`.`discount_14d`,
        `t32`.`category_promotion`,
        `t19`.`category` AS `category_right`,
        `t19`.`department`
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
          COALESCE(
            TRY_DIVIDE(`t33`.`discount`, NULLIF(`t33`.`discount` + `t33`.`pair_spend`, 0)),
            0.0
          ) AS `pair_discount_share`,
          TRY_DIVIDE(`t33`.`gap_sum`, NULLIF(`t33`.`gaps`, 0)) AS `pair_gap_mean`,
          SQRT(
            TRY_DIVIDE(
              GREATEST(
                (
                  `t33`.`gaps` * `t33`.`gap_squares`
                ) - (
                  `t33`.`gap_sum` * `t33`.`gap_sum`
                ),
                0.0
              ),
              NULLIF(`t33`.`gaps` * (
                `t33`.`gaps` - 1
              ), 0)
            )
          ) AS `pair_gap_std`
        FROM (
          SELECT
            `t29`.`customer_id`,
            `t29`.`category`,
            `t29`.`at_on`,
            `t29`.`pair_days_since`,
            `t29`.`pair_gap_last`,
            `t29`.`pair_last_spend`,
            COUNT(*) AS `pair_orders`,
            MAX(DATEDIFF(DAY, `t29`.`on`, `t29`.`at_on`)) AS `pair_age`,
            COALESCE(SUM(`t29`.`spend`), 0.0) AS `pair_spend`,
            COALESCE(SUM(`t29`.`lines`), 0.0) AS `pair_lines`,
            PERCENTILE(`t29`.`gap`, 0.5) AS `pair_gap_median`,
            MAX(`t29`.`gap`) AS `pair_gap_max`,
            SUM(CAST(DATEDIFF(DAY, `t29`.`on`, `t29`.`at_on`) <= 140 AS BIGINT)) AS `pair_days_140d`,
            CAST(COUNT(`t29`.`gap`) AS DOUBLE) AS `gaps`,
            COALESCE(SUM(`t29`.`gap`), 0.0) AS `gap_sum`,
            COALESCE(SUM(`t29`.`gap` * `t29`.`gap`), 0.0) AS `gap_squares`,
            COALESCE(SUM(`t29`.`discount`), 0.0) AS `discount`
          FROM (
            SELECT
              *
            FROM (
              SELECT
                `t23`.`customer_id`,
                `t23`.`category`,
                `t23`.`at_on`,
                `t23`.`pair_days_since`,
                `t23`.`pair_gap_last`,
                `t23`.`pair_last_spend`,
                `t9`.`on`,
                `t9`.`spend`,
                `t9`.`discount`,
                `t9`.`lines`,
                `t9`.`coupon_lines`,
                `t9`.`gap`,
                `t9`.`next_on`
              FROM (
                SELECT
                  `t18`.`customer_id`,
                  `t18`.`category`,
                  `t18`.`at_on`,
                  DATEDIFF(DAY, `t18`.`on`, `t18`.`at_on`) AS `pair_days_since`,
                  `t18`.`gap` AS `pair_gap_last`,
                  `t18`.`spend` AS `pair_last_spend`
                FROM (
                  SELECT
                    `t15`.`customer_id`,
                    `t15`.`category`,
                    `t15`.`on`,
                    `t15`.`spend`,
                    `t15`.`discount`,
                    `t15`.`lines`,
                    `t15`.`coupon_lines`,
                    `t15`.`gap`,
                    `t15`.`next_on`,
                    `t5`.`at_on`
                  FROM (
                    SELECT
                      *
                    FROM `t7` AS `t8`
                    WHERE
                      (
                        `t8`.`next_on` IS NULL
                      )
                      OR (
                        DATEDIFF(DAY, `t8`.`on`, `t8`.`next_on`) >= 56
                      )
                  ) AS `t15`
                  CROSS JOIN (
                    SELECT
                      EXPLODE(ARRAY(MAKE_DATE(2026, 10, 24), MAKE_DATE(2026, 11, 21))) AS `at_on`
                  ) AS `t5`
                ) AS `t18`
                WHERE
                  `t18`.`on` < `t18`.`at_on`
                  AND DATEDIFF(DAY, `t18`.`on`, `t18`.`at_on`) >= 56
                  AND (
                    (
                      `t18`.`next_on` IS NULL
                    ) OR (
                      `t18`.`next_on` >= `t18`.`at_on`
                    )
                  )
              ) AS `t23`
              INNER JOIN `t7` AS `t9`
                ON `t23`.`customer_id` = `t9`.`customer_id` AND `t23`.`category` = `t9`.`category`
            ) AS `t27`
            WHERE
              `t27`.`on` < `t27`.`at_on`
          ) AS `t29`
          GROUP BY
            1,
            2,
            3,
            4,
            5,
            6
        ) AS `t33`
      ) AS `t37`
      INNER JOIN (
        SELECT
          `t24`.`category`,
          `t24`.`at_on`,
          `t24`.`category_buyers_28d`,
          `t24`.`category_buyers_56d`,
          `t24`.`category_buyers_84d`,
          `t24`.`category_gap`,
          `t24`.`category_frequency`,
          `t24`.`spend`,
          `t24`.`discount`,
          `t24`.`spend_14d`,
          `t24`.`discount_14d`,
          COALESCE(
            TRY_DIVIDE(`t24`.`discount_14d`, NULLIF(`t24`.`discount_14d` + `t24`.`spend_14d`, 0)),
            0.0
          ) - COALESCE(TRY_DIVIDE(`t24`.`discount`, NULLIF(`t24`.`discount` + `t24`.`spend`, 0)), 0.0) AS `category_promotion`
        FROM (
          SELECT
            `t14`.`category`,
            `t14`.`at_on`,
            SUM(
              CAST((
                (
                  `t14`.`next_on` IS NULL
                )
                OR (
                  DATEDIFF(DAY, `t14`.`next_on`, `t14`.`at_on`) <= 0
                )
              )
              AND (
                `t14`.`age` <= 28
              ) AS BIGINT)
            ) AS `category_buyers_28d`,
            SUM(
              CAST((
                (
                  `t14`.`next_on` IS NULL
                )
                OR (
                  DATEDIFF(DAY, `t14`.`next_on`, `t14`.`at_on`) <= 28
                )
              )
              AND (
                `t14`.`age` > 28
              )
              AND (
                `t14`.`age` <= 56
              ) AS BIGINT)
            ) AS `category_buyers_56d`,
            SUM(
              CAST((
                (
                  `t14`.`next_on` IS NULL
                )
                OR (
                  DATEDIFF(DAY, `t14`.`next_on`, `t14`.`at_on`) <= 0
                )
              )
              AND (
                `t14`.`age` <= 84
              ) AS BIGINT)
            ) AS `category_buyers_84d`,
            PERCENTILE(IF(`t14`.`age` <= 112, `t14`.`gap`, NULL), IF(`t14`.`age` <= 112, 0.5, NULL)) AS `category_gap`,
            TRY_DIVIDE(
              COUNT(*),
              NULLIF(SUM(CAST(`t14`.`gap` IS NULL OR ISNAN(`t14`.`gap`) AS BIGINT)), 0)
            ) AS `category_frequency`,
            COALESCE(SUM(`t14`.`spend`), 0.0) AS `spend`,
            COALESCE(SUM(`t14`.`discount`), 0.0) AS `discount`,
            COALESCE(SUM(IF(`t14`.`age` <= 14, `t14`.`spend`, 0.0)), 0.0) AS `spend_14d`,
            COALESCE(SUM(IF(`t14`.`age` <= 14, `t14`.`discount`, 0.0)), 0.0) AS `discount_14d`
          FROM (
            SELECT
              `t11`.`customer_id`,
              `t11`.`category`,
              `t11`.`on`,
              `t11`.`spend`,
              `t11`.`discount`,
              `t11`.`lines`,
              `t11`.`coupon_lines`,
              `t11`.`gap`,
              `t11`.`next_on`,
              `t11`.`at_on`,
              DATEDIFF(DAY, `t11`.`on`, `t11`.`at_on`) AS `age`
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
                `t5`.`at_on`
              FROM `t7` AS `t10`
              CROSS JOIN (
                SELECT
                  EXPLODE(ARRAY(MAKE_DATE(2026, 10, 24), MAKE_DATE(2026, 11, 21))) AS `at_on`
              ) AS `t5`
            ) AS `t11`
            WHERE
              `t11`.`on` < `t11`.`at_on`
          ) AS `t14`
          GROUP BY
            1,
            2
        ) AS `t24`
      ) AS `t32`
        ON `t37`.`category` = `t32`.`category` AND `t37`.`at_on` = `t32`.`at_on`
      LEFT OUTER JOIN `t16` AS `t19`
        ON `t37`.`category` = `t19`.`category`
    ) AS `t38`
  ) AS `t40`
  LEFT OUTER JOIN (
    SELECT
      `t31`.`customer_id`,
      `t31`.`department`,
      `t31`.`at_on`,
      SUM(CAST(`t31`.`age` <= 28 AS BIGINT)) AS `department_days_28d`,
      SUM(CAST(`t31`.`age` <= 56 AS BIGINT)) AS `department_days_56d`,
      SUM(CAST(`t31`.`age` <= 84 AS BIGINT)) AS `department_days_84d`
    FROM (
      SELECT
        `t28`.`customer_id`,
        `t28`.`department`,
        `t28`.`on`,
        `t28`.`at_on`,
        DATEDIFF(DAY, `t28`.`on`, `t28`.`at_on`) AS `age`
      FROM (
        SELECT
          `t26`.`customer_id`,
          `t26`.`department`,
          `t26`.`on`,
          `t5`.`at_on`
        FROM (
          SELECT DISTINCT
            *
          FROM (
            SELECT
              `t2`.`customer_id`,
              `t20`.`department`,
              `t2`.`on`
            FROM `category_days` AS `t2`
            INNER JOIN `t16` AS `t20`
              ON `t2`.`category` = `t20`.`category`
          ) AS `t22`
        ) AS `t26`
        CROSS JOIN (
          SELECT
            EXPLODE(ARRAY(MAKE_DATE(2026, 10, 24), MAKE_DATE(2026, 11, 21))) AS `at_on`
        ) AS `t5`
      ) AS `t28`
      WHERE
        `t28`.`on` < `t28`.`at_on` AND DATEDIFF(DAY, `t28`.`on`, `t28`.`at_on`) <= 84
    ) AS `t31`
    GROUP BY
      1,
      2,
      3
  ) AS `t35`
    ON `t40`.`customer_id` = `t35`.`customer_id`
    AND `t40`.`department` = `t35`.`department`
    AND `t40`.`at_on` = `t35`.`at_on`
) AS `t41`
