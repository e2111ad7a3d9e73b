WITH `t7` AS (
  SELECT
    *
  FROM `days` AS `t3`
  WHERE
    `t3`.`on` < MAKE_DATE(2026, 11, 21)
), `t14` AS (
  SELECT
    *
  FROM (
    SELECT
      `t8`.`customer_id`,
      MIN(IF(`t8`.`orders` > 0, `t8`.`on`, NULL)) AS `first_order_on`,
      MAX(IF(`t8`.`orders` > 0, `t8`.`on`, NULL)) AS `last_order_on`,
      SUM(`t8`.`orders`) AS `orders`,
      SUM(`t8`.`spend`) AS `spend`,
      COUNT(`t8`.`gap`) AS `gaps`,
      SUM(`t8`.`gap`) AS `gap_sum`,
      SUM(`t8`.`gap` * `t8`.`gap`) AS `gap_squares`
    FROM `t7` AS `t8`
    GROUP BY
      1
  ) AS `t12`
  WHERE
    `t12`.`orders` > 0
)
SELECT
  `t45`.`customer_id`,
  MAKE_DATE(2026, 11, 21) AS `at_on`,
  COALESCE(`t45`.`stage`, 'lead') AS `stage`,
  COALESCE(`t45`.`stage_since_on`, `t45`.`since_on`) AS `stage_since_on`,
  `t45`.`first_order_on`,
  `t45`.`last_order_on`,
  CAST(COALESCE(`t45`.`orders`, 0) AS BIGINT) AS `orders`,
  CAST(COALESCE(`t45`.`spend`, 0) AS BIGINT) AS `spend`,
  'CNY' AS `currency`,
  `t45`.`days_since_order`,
  `t45`.`recency_score`,
  `t45`.`frequency_score`,
  `t45`.`monetary_score`,
  COALESCE(`t45`.`tier`, 'lead') AS `tier`,
  COALESCE(`t45`.`interests`, '[]') AS `interests`,
  COALESCE(`t45`.`attributes`, '{}') AS `attributes`
FROM (
  SELECT
    `t44`.`customer_id`,
    `t44`.`since_on`,
    `t44`.`first_order_on`,
    `t44`.`last_order_on`,
    `t44`.`orders`,
    `t44`.`spend`,
    `t44`.`quiet_after`,
    `t44`.`lost_after`,
    `t44`.`days_since_order`,
    `t44`.`stage`,
    `t44`.`stage_since_on`,
    `t44`.`recency_score`,
    `t44`.`frequency_score`,
    `t44`.`monetary_score`,
    `t44`.`tier`,
    `t44`.`interests`,
    `t44`.`attributes`
  FROM (
    SELECT
      `t43`.`customer_id`,
      `t43`.`since_on`,
      `t43`.`first_order_on`,
      `t43`.`last_order_on`,
      `t43`.`orders`,
      `t43`.`spend`,
      `t43`.`quiet_after`,
      `t43`.`lost_after`,
      `t43`.`days_since_order`,
      `t43`.`stage`,
      `t43`.`stage_since_on`,
      `t43`.`recency_score`,
      `t43`.`frequency_score`,
      `t43`.`monetary_score`,
      `t43`.`tier`,
      `t43`.`interests`,
      `t21`.`customer_id` AS `customer_id_right`,
      `t21`.`attributes`
    FROM (
      SELECT
        `t41`.`customer_id`,
        `t41`.`since_on`,
        `t41`.`first_order_on`,
        `t41`.`last_order_on`,
        `t41`.`orders`,
        `t41`.`spend`,
        `t41`.`quiet_after`,
        `t41`.`lost_after`,
        `t41`.`days_since_order`,
        `t41`.`stage`,
        `t41`.`stage_since_on`,
        `t41`.`recency_score`,
        `t41`.`frequency_score`,
        `t41`.`monetary_score`,
        `t41`.`tier`,
        `t41`.`interests`
      FROM (
        SELECT
          `t40`.`customer_id`,
          `t40`.`since_on`,
          `t40`.`first_order_on`,
          `t40`.`last_order_on`,
          `t40`.`orders`,
          `t40`.`spend`,
          `t40`.`quiet_after`,
          `t40`.`lost_after`,
          `t40`.`days_since_order`,
          `t40`.`stage`,
          `t40`.`stage_since_on`,
          `t40`.`recency_score`,
          `t40`.`frequency_score`,
          `t40`.`monetary_score`,
          `t40`.`tier`,
          `t25`.`customer_id` AS `customer_id_right`,
          `t25`.`interests`
        FROM (
          SELECT
            `t38`.`customer_id`,
            `t38`.`since_on`,
            `t38`.`first_order_on`,
            `t38`.`last_order_on`,
            `t38`.`orders`,
            `t38`.`spend`,
            `t38`.`quiet_after`,
            `t38`.`lost_after`,
            `t38`.`days_since_order`,
            `t38`.`stage`,
            `t38`.`stage_since_on`,
            `t38`.`recency_score`,
            `t38`.`frequency_score`,
            `t38`.`monetary_score`,
            `t38`.`tier`
          FROM (
            SELECT
              `t5`.`customer_id`,
              `t5`.`since_on`,
              `t37`.`customer_id` AS `customer_id_right`,
              `t37`.`first_order_on`,
              `t37`.`last_order_on`,
              `t37`.`orders`,
              `t37`.`spend`,
              `t37`.`quiet_after`,
              `t37`.`lost_after`,
              `t37`.`days_since_order`,
              `t37`.`stage`,
              `t37`.`stage_since_on`,
              `t37`.`recency_score`,
              `t37`.`frequency_score`,
              `t37`.`monetary_score`,
              `t37`.`tier`
            FROM (
              SELECT
                `t1`.`customer_id`,
                `t1`.`since_on`
              FROM `customers` AS `t1`
            ) AS `t5`
            LEFT OUTER JOIN (
              SELECT
                `t35`.`customer_id`,
                `t35`.`first_order_on`,
                `t35`.`last_order_on`,
                `t35`.`orders`,
                `t35`.`spend`,
                `t35`.`quiet_after`,
                `t35`.`lost_after`,
                `t35`.`days_since_order`,
                `t35`.`stage`,
                `t35`.`stage_since_on`,
                `t35`.`recency_score`,
                `t35`.`frequency_score`,
                `t35`.`monetary_score`,
                CASE
                  WHEN `t35`.`stage` IN ('new', 'active')
                  AND (
                    `t35`.`frequency_score` >= 4
                  )
                  AND (
                    `t35`.`monetary_score` >= 4
                  )
                  THEN 'champion'
                  WHEN `t35`.`stage` IN ('new', 'active') AND (
                    `t35`.`frequency_score` >= 3
                  )
                  THEN 'loyal'
                  WHEN `t35`.`stage` IN ('new', 'active')
                  THEN 'promising'
                  WHEN `t35`.`stage` = 'quiet'
                  THEN 'slipping'
                  ELSE 'asleep'
                END AS `tier`
              FROM (
                SELECT
                  `t34`.`customer_id`,
                  `t34`.`first_order_on`,
                  `t34`.`last_order_on`,
                  `t34`.`orders`,
                  `t34`.`spend`,
                  `t34`.`quiet_after`,
                  `t34`.`lost_after`,
                  `t34`.`days_since_order`,
                  `t34`.`stage`,
                  `t34`.`stage_since_on`,
                  CAST(FLOOR(
                    (
                      (
                        RANK() OVER (ORDER BY -(
                          `t34`.`days_since_order`
                        ) ASC NULLS LAST) - 1
                      ) * 5
                    ) / (
                      COUNT(-(
                        `t34`.`days_since_order`
                      )) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
                    )
                  ) AS BIGINT) + 1 AS `recency_score`,
                  CAST(FLOOR(
                    (
                      (
                        RANK() OVER (ORDER BY `t34`.`orders` ASC NULLS LAST) - 1
                      ) * 5
                    ) / (
                      COUNT(`t34`.`orders`) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
                    )
                  ) AS BIGINT) + 1 AS `frequency_score`,
                  CAST(FLOOR(
                    (
                      (
                        RANK() OVER (ORDER BY `t34`.`spend` ASC NULLS LAST) - 1
                      ) * 5
                    ) / (
                      COUNT(`t34`.`spend`) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
                    )
                  ) AS BIGINT) + 1 AS `monetary_score`
                FROM (
                  SELECT
                    `t33`.`customer_id`,
                    `t33`.`first_order_on`,
                    `t33`.`last_order_on`,
                    `t33`.`orders`,
                    `t33`.`spend`,
                    `t33`.`quiet_after`,
                    `t33`.`lost_after`,
                    `t33`.`days_since_order`,
                    CASE
                      WHEN `t33`.`days_since_order` > `t33`.`lost_after`
                      THEN 'lost'
                      WHEN `t33`.`days_since_order` > `t33`.`quiet_after`
                      THEN 'quiet'
                      WHEN `t33`.`tenure_days` < 28
                      THEN 'new'
                      ELSE 'active'
                    END AS `stage`,
                    CASE
                      WHEN `t33`.`days_since_order` > `t33`.`lost_after`
                      THEN `t33`.`last_order_on` + CAST(CONCAT(`t33`.`lost_after` + 1, ' days') AS INTERVAL)
                      WHEN `t33`.`days_since_order` > `t33`.`quiet_after`
                      THEN `t33`.`last_order_on` + CAST(CONCAT(`t33`.`quiet_after` + 1, ' days') AS INTERVAL)
                      WHEN `t33`.`tenure_days` < 28
                      THEN `t33`.`first_order_on`
                      ELSE GREATEST(`t33`.`settled_on`, COALESCE(`t33`.`returned_on`, `t33`.`settled_on`))
                    END AS `stage_since_on`
                  FROM (
                    SELECT
                      `t32`.`customer_id`,
                      `t32`.`first_order_on`,
                      `t32`.`last_order_on`,
                      `t32`.`orders`,
                      `t32`.`spend`,
                      `t32`.`quiet_after`,
                      `t32`.`lost_after`,
                      `t32`.`customer_id_right`,
                      `t32`.`returned_on`,
                      DATEDIFF(DAY, `t32`.`last_order_on`, MAKE_DATE(2026, 11, 21)) AS `days_since_order`,
                      DATEDIFF(DAY, `t32`.`first_order_on`, MAKE_DATE(2026, 11, 21)) AS `tenure_days`,
                      `t32`.`first_order_on` + INTERVAL '28' DAY AS `settled_on`
                    FROM (
                      SELECT
                        `t16`.`customer_id`,
                        `t16`.`first_order_on`,
                        `t16`.`last_order_on`,
                        `t16`.`orders`,
                        `t16`.`spend`,
                        LEAST(
                          GREATEST(
                            CAST(CEIL(
                              TRY_DIVIDE(
                                COALESCE(`t16`.`gap_sum`, 0.0) + (
                                  COALESCE(`t18`.`typical`, 28.0) * 2
                                ),
                                `t16`.`gaps` + 2
                              ) + (
                                SQRT(
                                  GREATEST(
                                    TRY_DIVIDE(
                                      COALESCE(`t16`.`gap_squares`, 0.0) + (
                                        COALESCE(`t18`.`typical`, 28.0) * 4 * COALESCE(`t18`.`typical`, 28.0)
                                      ),
                                      `t16`.`gaps` + 2
                                    ) - (
                                      TRY_DIVIDE(
                                        COALESCE(`t16`.`gap_sum`, 0.0) + (
                                          COALESCE(`t18`.`typical`, 28.0) * 2
                                        ),
                                        `t16`.`gaps` + 2
                                      ) * TRY_DIVIDE(
                                        COALESCE(`t16`.`gap_sum`, 0.0) + (
                                          COALESCE(`t18`.`typical`, 28.0) * 2
                                        ),
                                        `t16`.`gaps` + 2
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
                                  COALESCE(`t16`.`gap_sum`, 0.0) + (
                                    COALESCE(`t18`.`typical`, 28.0) * 2
                                  ),
                                  `t16`.`gaps` + 2
                                ) + (
                                  SQRT(
                                    GREATEST(
                                      TRY_DIVIDE(
                                        COALESCE(`t16`.`gap_squares`, 0.0) + (
                                          COALESCE(`t18`.`typical`, 28.0) * 4 * COALESCE(`t18`.`typical`, 28.0)
                                        ),
                                        `t16`.`gaps` + 2
                                      ) - (
                                        TRY_DIVIDE(
                                          COALESCE(`t16`.`gap_sum`, 0.0) + (
                                            COALESCE(`t18`.`typical`, 28.0) * 2
                                          ),
                                          `t16`.`gaps` + 2
                                        ) * TRY_DIVIDE(
                                          COALESCE(`t16`.`gap_sum`, 0.0) + (
                                            COALESCE(`t18`.`typical`, 28.0) * 2
                                          ),
                                          `t16`.`gaps` + 2
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
                        `t31`.`customer_id` AS `customer_id_right`,
                        `t31`.`returned_on`
                      FROM `t14` AS `t16`
                      CROSS JOIN (
                        SELECT
                          PERCENTILE(TRY_DIVIDE(`t15`.`gap_sum`, NULLIF(`t15`.`gaps`, 0)), 0.5) AS `typical`
                        FROM `t14` AS `t15`
                      ) AS `t18`
                      LEFT OUTER JOIN (
                        SELECT
                          `t29`.`customer_id`,
                          MAX(`t29`.`on`) AS `returned_on`
                        FROM (
                          SELECT
                            *
                          FROM (
                            SELECT
                              `t9`.`customer_id`,
                              `t9`.`on`,
                              `t9`.`orders`,
                              `t9`.`spend`,
                              `t9`.`lines`,
                              `t9`.`paid`,
                              `t9`.`discount`,
                              `t9`.`coupon_lines`,
                              `t9`.`coupon_orders`,
                              `t9`.`gap`,
                              `t9`.`next_on`,
                              `t27`.`quiet_after`
                            FROM `t7` AS `t9`
                            INNER JOIN (
                              SELECT
                                `t23`.`customer_id`,
                                `t23`.`quiet_after`
                              FROM (
                                SELECT
                                  `t16`.`customer_id`,
                                  `t16`.`first_order_on`,
                                  `t16`.`last_order_on`,
                                  `t16`.`orders`,
                                  `t16`.`spend`,
                                  LEAST(
                                    GREATEST(
                                      CAST(CEIL(
                                        TRY_DIVIDE(
                                          COALESCE(`t16`.`gap_sum`, 0.0) + (
                                            COALESCE(`t18`.`typical`, 28.0) * 2
                                          ),
                                          `t16`.`gaps` + 2
                                        ) + (
                                          SQRT(
                                            GREATEST(
                                              TRY_DIVIDE(
                                                COALESCE(`t16`.`gap_squares`, 0.0) + (
                                                  COALESCE(`t18`.`typical`, 28.0) * 4 * COALESCE(`t18`.`typical`, 28.0)
                                                ),
                                                `t16`.`gaps` + 2
                                              ) - (
                                                TRY_DIVIDE(
                                                  COALESCE(`t16`.`gap_sum`, 0.0) + (
                                                    COALESCE(`t18`.`typical`, 28.0) * 2
                                                  ),
                                                  `t16`.`gaps` + 2
                                                ) * TRY_DIVIDE(
                                                  COALESCE(`t16`.`gap_sum`, 0.0) + (
                                                    COALESCE(`t18`.`typical`, 28.0) * 2
                                                  ),
                                                  `t16`.`gaps` + 2
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
                                            COALESCE(`t16`.`gap_sum`, 0.0) + (
                                              COALESCE(`t18`.`typical`, 28.0) * 2
                                            ),
                                            `t16`.`gaps` + 2
                                          ) + (
                                            SQRT(
                                              GREATEST(
                                                TRY_DIVIDE(
                                                  COALESCE(`t16`.`gap_squares`, 0.0) + (
                                                    COALESCE(`t18`.`typical`, 28.0) * 4 * COALESCE(`t18`.`typical`, 28.0)
                                                  ),
                                                  `t16`.`gaps` + 2
                                                ) - (
                                                  TRY_DIVIDE(
                                                    COALESCE(`t16`.`gap_sum`, 0.0) + (
                                                      COALESCE(`t18`.`typical`, 28.0) * 2
                                                    ),
                                                    `t16`.`gaps` + 2
                                                  ) * TRY_DIVIDE(
                                                    COALESCE(`t16`.`gap_sum`, 0.0) + (
                                                      COALESCE(`t18`.`typical`, 28.0) * 2
                                                    ),
                                                    `t16`.`gaps` + 2
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
                                FROM `t14` AS `t16`
                                CROSS JOIN (
                                  SELECT
                                    PERCENTILE(TRY_DIVIDE(`t15`.`gap_sum`, NULLIF(`t15`.`gaps`, 0)), 0.5) AS `typical`
                                  FROM `t14` AS `t15`
                                ) AS `t18`
                              ) AS `t23`
                            ) AS `t27`
                              ON `t9`.`customer_id` = `t27`.`customer_id`
                          ) AS `t28`
                          WHERE
                            `t28`.`gap` > `t28`.`quiet_after`
                        ) AS `t29`
                        GROUP BY
                          1
                      ) AS `t31`
                        ON `t16`.`customer_id` = `t31`.`customer_id`
                    ) AS `t32`
                  ) AS `t33`
                ) AS `t34`
              ) AS `t35`
            ) AS `t37`
              ON `t5`.`customer_id` = `t37`.`customer_id`
          ) AS `t38`
        ) AS `t40`
        LEFT OUTER JOIN (
          SELECT
            `t22`.`customer_id`,
            CONCAT(
              CONCAT(
                CONCAT(
                  CONCAT('[', MAX(IF(`t22`.`place` = 0, `t22`.`text`, NULL))),
                  COALESCE(CONCAT(', ', MAX(IF(`t22`.`place` = 1, `t22`.`text`, NULL))), '')
                ),
                COALESCE(CONCAT(', ', MAX(IF(`t22`.`place` = 2, `t22`.`text`, NULL))), '')
              ),
              ']'
            ) AS `interests`
          FROM (
            SELECT
              `t13`.`customer_id`,
              `t13`.`category`,
              `t13`.`days`,
              `t13`.`spend`,
              `t13`.`last_on`,
              `t13`.`place`,
              CONCAT(
                CONCAT(
                  CONCAT(
                    CONCAT(
                      CONCAT(
                        CONCAT(
                          CONCAT(
                            CONCAT(
                              '{"category": ',
                              CONCAT(
                                CONCAT(
                                  '"',
                                  REGEXP_REPLACE(
                                    REPLACE(REPLACE(COALESCE(`t13`.`category`, ''), '\\', '\\\\'), '"', '\\"'),
                                    '[\\x00-\\x1f]',
                                    ' '
                                  )
                                ),
                                '"'
                              )
                            ),
                            ', "days": '
                          ),
                          CAST(`t13`.`days` AS STRING)
                        ),
                        ', "spend": '
                      ),
                      CAST(CAST(`t13`.`spend` AS BIGINT) AS STRING)
                    ),
                    ', "last_on": '
                  ),
                  CONCAT(
                    CONCAT(
                      '"',
                      REGEXP_REPLACE(
                        REPLACE(REPLACE(COALESCE(CAST(`t13`.`last_on` AS STRING), ''), '\\', '\\\\'), '"', '\\"'),
                        '[\\x00-\\x1f]',
                        ' '
                      )
                    ),
                    '"'
                  )
                ),
                '}'
              ) AS `text`
            FROM (
              SELECT
                `t11`.`customer_id`,
                `t11`.`category`,
                `t11`.`days`,
                `t11`.`spend`,
                `t11`.`last_on`,
                ROW_NUMBER() OVER (
                  PARTITION BY `t11`.`customer_id`
                  ORDER BY `t11`.`days` DESC, `t11`.`spend` DESC, `t11`.`category` ASC NULLS LAST
                ) - 1 AS `place`
              FROM (
                SELECT
                  `t6`.`customer_id`,
                  `t6`.`category`,
                  COUNT(*) AS `days`,
                  SUM(`t6`.`spend`) AS `spend`,
                  MAX(`t6`.`on`) AS `last_on`
                FROM (
                  SELECT
                    *
                  FROM `category_days` AS `t2`
                  WHERE
                    `t2`.`on` < MAKE_DATE(2026, 11, 21)
                ) AS `t6`
                GROUP BY
                  1,
                  2
              ) AS `t11`
            ) AS `t13`
            WHERE
              `t13`.`place` < 3
          ) AS `t22`
          GROUP BY
            1
        ) AS `t25`
          ON `t40`.`customer_id` = `t25`.`customer_id`
      ) AS `t41`
    ) AS `t43`
    LEFT OUTER JOIN (
      SELECT
        `t19`.`customer_id`,
        CONCAT(
          CONCAT(
            '{',
            IF(
              SIZE(ARRAY_SORT(COLLECT_LIST(`t19`.`text`))) > 0,
              CONCAT_WS(', ', ARRAY_SORT(COLLECT_LIST(`t19`.`text`))),
              NULL
            )
          ),
          '}'
        ) AS `attributes`
      FROM (
        SELECT
          `t10`.`customer_id`,
          `t10`.`name`,
          `t10`.`value`,
          `t10`.`source`,
          `t10`.`since_on`,
          `t10`.`record`,
          `t10`.`place`,
          CONCAT(
            CONCAT(
              CONCAT(
                CONCAT(
                  CONCAT(
                    CONCAT(
                      CONCAT(
                        '"',
                        REGEXP_REPLACE(
                          REPLACE(REPLACE(COALESCE(`t10`.`name`, ''), '\\', '\\\\'), '"', '\\"'),
                          '[\\x00-\\x1f]',
                          ' '
                        )
                      ),
                      '"'
                    ),
                    ': {"value": '
                  ),
                  CONCAT(
                    CONCAT(
                      '"',
                      REGEXP_REPLACE(
                        REPLACE(REPLACE(COALESCE(`t10`.`value`, ''), '\\', '\\\\'), '"', '\\"'),
                        '[\\x00-\\x1f]',
                        ' '
                      )
                    ),
                    '"'
                  )
                ),
                ', "source": '
              ),
              CONCAT(
                CONCAT(
                  '"',
                  REGEXP_REPLACE(
                    REPLACE(REPLACE(COALESCE(`t10`.`source`, ''), '\\', '\\\\'), '"', '\\"'),
                    '[\\x00-\\x1f]',
                    ' '
                  )
                ),
                '"'
              )
            ),
            '}'
          ) AS `text`
        FROM (
          SELECT
            `t0`.`customer_id`,
            `t0`.`name`,
            `t0`.`value`,
            `t0`.`source`,
            `t0`.`since_on`,
            `t0`.`record`,
            ROW_NUMBER() OVER (
              PARTITION BY `t0`.`customer_id`, `t0`.`name`
              ORDER BY `t0`.`since_on` IS NULL ASC NULLS LAST, `t0`.`since_on` DESC, `t0`.`record` ASC NULLS LAST
            ) - 1 AS `place`
          FROM `attributes` AS `t0`
        ) AS `t10`
        WHERE
          `t10`.`place` = 0
      ) AS `t19`
      GROUP BY
        1
    ) AS `t21`
      ON `t43`.`customer_id` = `t21`.`customer_id`
  ) AS `t44`
) AS `t45`
WHERE
  (
    `t45`.`last_order_on` IS NOT NULL
  )
  OR (
    COALESCE(`t45`.`since_on`, MAKE_DATE(1, 1, 1)) < MAKE_DATE(2026, 11, 21)
  )
