WITH `t1` AS (
  SELECT
    *
  FROM `days` AS `t0`
  WHERE
    `t0`.`on` < MAKE_DATE(2026, 11, 21)
), `t5` AS (
  SELECT
    *
  FROM (
    SELECT
      `t2`.`customer_id`,
      MIN(IF(`t2`.`orders` > 0, `t2`.`on`, NULL)) AS `first_order_on`,
      MAX(IF(`t2`.`orders` > 0, `t2`.`on`, NULL)) AS `last_order_on`,
      SUM(`t2`.`orders`) AS `orders`,
      SUM(`t2`.`spend`) AS `spend`,
      COUNT(`t2`.`gap`) AS `gaps`,
      SUM(`t2`.`gap`) AS `gap_sum`,
      SUM(`t2`.`gap` * `t2`.`gap`) AS `gap_squares`
    FROM `t1` AS `t2`
    GROUP BY
      1
  ) AS `t4`
  WHERE
    `t4`.`orders` > 0
)
SELECT
  `t18`.`customer_id`,
  `t18`.`first_order_on`,
  `t18`.`last_order_on`,
  `t18`.`orders`,
  `t18`.`spend`,
  `t18`.`quiet_after`,
  `t18`.`lost_after`,
  `t18`.`days_since_order`,
  CASE
    WHEN `t18`.`days_since_order` > `t18`.`lost_after`
    THEN 'lost'
    WHEN `t18`.`days_since_order` > `t18`.`quiet_after`
    THEN 'quiet'
    WHEN `t18`.`tenure_days` < 28
    THEN 'new'
    ELSE 'active'
  END AS `stage`,
  CASE
    WHEN `t18`.`days_since_order` > `t18`.`lost_after`
    THEN `t18`.`last_order_on` + CAST(CONCAT(`t18`.`lost_after` + 1, ' days') AS INTERVAL)
    WHEN `t18`.`days_since_order` > `t18`.`quiet_after`
    THEN `t18`.`last_order_on` + CAST(CONCAT(`t18`.`quiet_after` + 1, ' days') AS INTERVAL)
    WHEN `t18`.`tenure_days` < 28
    THEN `t18`.`first_order_on`
    ELSE GREATEST(`t18`.`settled_on`, COALESCE(`t18`.`returned_on`, `t18`.`settled_on`))
  END AS `stage_since_on`
FROM (
  SELECT
    `t17`.`customer_id`,
    `t17`.`first_order_on`,
    `t17`.`last_order_on`,
    `t17`.`orders`,
    `t17`.`spend`,
    `t17`.`quiet_after`,
    `t17`.`lost_after`,
    `t17`.`customer_id_right`,
    `t17`.`returned_on`,
    DATEDIFF(DAY, `t17`.`last_order_on`, MAKE_DATE(2026, 11, 21)) AS `days_since_order`,
    DATEDIFF(DAY, `t17`.`first_order_on`, MAKE_DATE(2026, 11, 21)) AS `tenure_days`,
    `t17`.`first_order_on` + INTERVAL '28' DAY AS `settled_on`
  FROM (
    SELECT
      `t7`.`customer_id`,
      `t7`.`first_order_on`,
      `t7`.`last_order_on`,
      `t7`.`orders`,
      `t7`.`spend`,
      LEAST(
        GREATEST(
          CAST(CEIL(
            TRY_DIVIDE(
              COALESCE(`t7`.`gap_sum`, 0.0) + (
                COALESCE(`t9`.`typical`, 28.0) * 2
              ),
              `t7`.`gaps` + 2
            ) + (
              SQRT(
                GREATEST(
                  TRY_DIVIDE(
                    COALESCE(`t7`.`gap_squares`, 0.0) + (
                      COALESCE(`t9`.`typical`, 28.0) * 4 * COALESCE(`t9`.`typical`, 28.0)
                    ),
                    `t7`.`gaps` + 2
                  ) - (
                    TRY_DIVIDE(
                      COALESCE(`t7`.`gap_sum`, 0.0) + (
                        COALESCE(`t9`.`typical`, 28.0) * 2
                      ),
                      `t7`.`gaps` + 2
                    ) * TRY_DIVIDE(
                      COALESCE(`t7`.`gap_sum`, 0.0) + (
                        COALESCE(`t9`.`typical`, 28.0) * 2
                      ),
                      `t7`.`gaps` + 2
                    )
                  ),
                  0.0
                )
              ) * 2
            )
          ) AS BIGINT),
          7
        ),
        180
      ) AS `quiet_after`,
      GREATEST(
        LEAST(
          GREATEST(
            CAST(CEIL(
              TRY_DIVIDE(
                COALESCE(`t7`.`gap_sum`, 0.0) + (
                  COALESCE(`t9`.`typical`, 28.0) * 2
                ),
                `t7`.`gaps` + 2
              ) + (
                SQRT(
                  GREATEST(
                    TRY_DIVIDE(
                      COALESCE(`t7`.`gap_squares`, 0.0) + (
                        COALESCE(`t9`.`typical`, 28.0) * 4 * COALESCE(`t9`.`typical`, 28.0)
                      ),
                      `t7`.`gaps` + 2
                    ) - (
                      TRY_DIVIDE(
                        COALESCE(`t7`.`gap_sum`, 0.0) + (
                          COALESCE(`t9`.`typical`, 28.0) * 2
                        ),
                        `t7`.`gaps` + 2
                      ) * TRY_DIVIDE(
                        COALESCE(`t7`.`gap_sum`, 0.0) + (
                          COALESCE(`t9`.`typical`, 28.0) * 2
                        ),
                        `t7`.`gaps` + 2
                      )
                    ),
                    0.0
                  )
                ) * 2
              )
            ) AS BIGINT),
            7
          ),
          180
        ) * 2,
        84
      ) AS `lost_after`,
      `t16`.`customer_id` AS `customer_id_right`,
      `t16`.`returned_on`
    FROM `t5` AS `t7`
    CROSS JOIN (
      SELECT
        PERCENTILE(TRY_DIVIDE(`t6`.`gap_sum`, NULLIF(`t6`.`gaps`, 0)), 0.5) AS `typical`
      FROM `t5` AS `t6`
    ) AS `t9`
    LEFT OUTER JOIN (
      SELECT
        `t14`.`customer_id`,
        MAX(`t14`.`on`) AS `returned_on`
      FROM (
        SELECT
          *
        FROM (
          SELECT
            `t3`.`customer_id`,
            `t3`.`on`,
            `t3`.`orders`,
            `t3`.`spend`,
            `t3`.`lines`,
            `t3`.`paid`,
            `t3`.`discount`,
            `t3`.`coupon_lines`,
            `t3`.`coupon_orders`,
            `t3`.`gap`,
            `t3`.`next_on`,
            `t12`.`quiet_after`
          FROM `t1` AS `t3`
          INNER JOIN (
            SELECT
              `t10`.`customer_id`,
              `t10`.`quiet_after`
            FROM (
              SELECT
                `t7`.`customer_id`,
                `t7`.`first_order_on`,
                `t7`.`last_order_on`,
                `t7`.`orders`,
                `t7`.`spend`,
                LEAST(
                  GREATEST(
                    CAST(CEIL(
                      TRY_DIVIDE(
                        COALESCE(`t7`.`gap_sum`, 0.0) + (
                          COALESCE(`t9`.`typical`, 28.0) * 2
                        ),
                        `t7`.`gaps` + 2
                      ) + (
                        SQRT(
                          GREATEST(
                            TRY_DIVIDE(
                              COALESCE(`t7`.`gap_squares`, 0.0) + (
                                COALESCE(`t9`.`typical`, 28.0) * 4 * COALESCE(`t9`.`typical`, 28.0)
                              ),
                              `t7`.`gaps` + 2
                            ) - (
                              TRY_DIVIDE(
                                COALESCE(`t7`.`gap_sum`, 0.0) + (
                                  COALESCE(`t9`.`typical`, 28.0) * 2
                                ),
                                `t7`.`gaps` + 2
                              ) * TRY_DIVIDE(
                                COALESCE(`t7`.`gap_sum`, 0.0) + (
                                  COALESCE(`t9`.`typical`, 28.0) * 2
                                ),
                                `t7`.`gaps` + 2
                              )
                            ),
                            0.0
                          )
                        ) * 2
                      )
                    ) AS BIGINT),
                    7
                  ),
                  180
                ) AS `quiet_after`,
                GREATEST(
                  LEAST(
                    GREATEST(
                      CAST(CEIL(
                        TRY_DIVIDE(
                          COALESCE(`t7`.`gap_sum`, 0.0) + (
                            COALESCE(`t9`.`typical`, 28.0) * 2
                          ),
                          `t7`.`gaps` + 2
                        ) + (
                          SQRT(
                            GREATEST(
                              TRY_DIVIDE(
                                COALESCE(`t7`.`gap_squares`, 0.0) + (
                                  COALESCE(`t9`.`typical`, 28.0) * 4 * COALESCE(`t9`.`typical`, 28.0)
                                ),
                                `t7`.`gaps` + 2
                              ) - (
                                TRY_DIVIDE(
                                  COALESCE(`t7`.`gap_sum`, 0.0) + (
                                    COALESCE(`t9`.`typical`, 28.0) * 2
                                  ),
                                  `t7`.`gaps` + 2
                                ) * TRY_DIVIDE(
                                  COALESCE(`t7`.`gap_sum`, 0.0) + (
                                    COALESCE(`t9`.`typical`, 28.0) * 2
                                  ),
                                  `t7`.`gaps` + 2
                                )
                              ),
                              0.0
                            )
                          ) * 2
                        )
                      ) AS BIGINT),
                      7
                    ),
                    180
                  ) * 2,
                  84
                ) AS `lost_after`
              FROM `t5` AS `t7`
              CROSS JOIN (
                SELECT
                  PERCENTILE(TRY_DIVIDE(`t6`.`gap_sum`, NULLIF(`t6`.`gaps`, 0)), 0.5) AS `typical`
                FROM `t5` AS `t6`
              ) AS `t9`
            ) AS `t10`
          ) AS `t12`
            ON `t3`.`customer_id` = `t12`.`customer_id`
        ) AS `t13`
        WHERE
          `t13`.`gap` > `t13`.`quiet_after`
      ) AS `t14`
      GROUP BY
        1
    ) AS `t16`
      ON `t7`.`customer_id` = `t16`.`customer_id`
  ) AS `t17`
) AS `t18`
