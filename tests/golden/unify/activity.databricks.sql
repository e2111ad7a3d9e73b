WITH `t19` AS (
  SELECT
    `t18`.`record_id`,
    `t18`.`channel`,
    `t18`.`order_id`,
    `t18`.`ordered_on` AS `happened_on`,
    COALESCE(SUM(CAST(`t18`.`amount` AS DOUBLE)), 0.0) AS `amount`,
    COALESCE(SUM(IF(`t18`.`amount` > 0, CAST(`t18`.`saved` AS DOUBLE), 0.0)), 0.0) AS `saved`,
    MIN(`t18`.`at`) AS `first_at`,
    MAX(`t18`.`at`) AS `last_at`
  FROM (
    SELECT
      `t15`.`source`,
      `t15`.`line_id`,
      `t15`.`record_id`,
      `t15`.`order_id`,
      `t15`.`product_id`,
      `t15`.`quantity`,
      `t15`.`amount`,
      `t15`.`discount`,
      `t15`.`coupon`,
      `t15`.`currency`,
      `t15`.`store_id`,
      `t15`.`ordered_at`,
      `t15`.`ordered_on`,
      `t15`.`batch_id`,
      `t15`.`source_row`,
      `t15`.`batch_id_right`,
      `t15`.`told_by`,
      COALESCE(`t15`.`told_by`, `t15`.`source`) AS `channel`,
      COALESCE(`t15`.`ordered_at`, CAST(`t15`.`ordered_on` AS TIMESTAMP)) AS `at`,
      COALESCE(`t15`.`discount`, 0) + COALESCE(`t15`.`coupon`, 0) AS `saved`
    FROM (
      SELECT
        `t12`.`source`,
        `t12`.`line_id`,
        `t12`.`record_id`,
        `t12`.`order_id`,
        `t12`.`product_id`,
        `t12`.`quantity`,
        `t12`.`amount`,
        `t12`.`discount`,
        `t12`.`coupon`,
        `t12`.`currency`,
        `t12`.`store_id`,
        `t12`.`ordered_at`,
        `t12`.`ordered_on`,
        `t12`.`batch_id`,
        `t12`.`source_row`,
        `t7`.`batch_id` AS `batch_id_right`,
        `t7`.`told_by`
      FROM (
        SELECT
          *
        FROM `order_line` AS `t4`
        WHERE
          `t4`.`currency` = 'CNY'
      ) AS `t12`
      LEFT OUTER JOIN (
        SELECT
          `t1`.`batch_id`,
          `t1`.`source` AS `told_by`
        FROM `batch` AS `t1`
      ) AS `t7`
        ON `t12`.`batch_id` = `t7`.`batch_id`
    ) AS `t15`
  ) AS `t18`
  GROUP BY
    1,
    2,
    3,
    4
)
SELECT
  `t28`.`record_id`,
  `t28`.`channel`,
  `t28`.`name`,
  `t28`.`happened_on`,
  CAST(`t28`.`count` AS BIGINT) AS `count`,
  CAST(`t28`.`amount` AS BIGINT) AS `amount`,
  TRY_DIVIDE(`t28`.`millis`, 1000) AS `seconds`,
  `t28`.`first_at`,
  `t28`.`last_at`,
  `t28`.`last_id`
FROM (
  SELECT
    `t27`.`record_id`,
    `t27`.`channel`,
    `t27`.`name`,
    `t27`.`happened_on`,
    COALESCE(SUM(`t27`.`count`), 0.0) AS `count`,
    COALESCE(SUM(`t27`.`amount`), 0.0) AS `amount`,
    COALESCE(SUM(`t27`.`millis`), 0.0) AS `millis`,
    MIN(`t27`.`first_at`) AS `first_at`,
    MAX(`t27`.`last_at`) AS `last_at`,
    MAX_BY(`t27`.`last_id`, STRUCT(`t27`.`last_at` AS `at`, `t27`.`last_id` AS `id`)) AS `last_id`
  FROM (
    SELECT
      *
    FROM (
      SELECT
        *
      FROM (
        SELECT
          `t5`.`record_id`,
          COALESCE(`t7`.`told_by`, '') AS `channel`,
          `t5`.`kind` AS `name`,
          `t5`.`happened_on`,
          1.0 AS `count`,
          0.0 AS `amount`,
          0.0 AS `millis`,
          COALESCE(`t5`.`happened_at`, CAST(`t5`.`happened_on` AS TIMESTAMP)) AS `first_at`,
          COALESCE(`t5`.`happened_at`, CAST(`t5`.`happened_on` AS TIMESTAMP)) AS `last_at`,
          `t5`.`outcome_id` AS `last_id`
        FROM `outcome` AS `t5`
        LEFT OUTER JOIN (
          SELECT
            `t1`.`batch_id`,
            `t1`.`source` AS `told_by`
          FROM `batch` AS `t1`
        ) AS `t7`
          ON `t5`.`batch_id` = `t7`.`batch_id`
      ) AS `t14`
      UNION ALL
      SELECT
        *
      FROM (
        SELECT
          *
        FROM (
          SELECT
            *
          FROM (
            SELECT
              `t11`.`record_id`,
              COALESCE(`t7`.`told_by`, `t11`.`source`) AS `channel`,
              `t11`.`name`,
              `t11`.`happened_on`,
              1.0 AS `count`,
              0.0 AS `amount`,
              CAST(CAST(FLOOR((
                COALESCE(`t11`.`seconds`, 0.0) * 1000
              ) + 0.5) AS BIGINT) AS DOUBLE) AS `millis`,
              COALESCE(`t11`.`happened_at`, CAST(`t11`.`happened_on` AS TIMESTAMP)) AS `first_at`,
              COALESCE(`t11`.`happened_at`, CAST(`t11`.`happened_on` AS TIMESTAMP)) AS `last_at`,
              `t11`.`event_id` AS `last_id`
            FROM (
              SELECT
                *
              FROM `event` AS `t3`
              WHERE
                `t3`.`name` <> 'Order Completed'
            ) AS `t11`
            LEFT OUTER JOIN (
              SELECT
                `t1`.`batch_id`,
                `t1`.`source` AS `told_by`
              FROM `batch` AS `t1`
            ) AS `t7`
              ON `t11`.`batch_id` = `t7`.`batch_id`
          ) AS `t17`
          UNION ALL
          SELECT
            *
          FROM (
            SELECT
              *
            FROM (
              SELECT
                `t20`.`record_id`,
                `t20`.`channel`,
                'Order Completed' AS `name`,
                `t20`.`happened_on`,
                CAST(`t20`.`amount` > 0 AS DOUBLE) AS `count`,
                `t20`.`amount`,
                0.0 AS `millis`,
                `t20`.`first_at`,
                `t20`.`last_at`,
                `t20`.`order_id` AS `last_id`
              FROM `t19` AS `t20`
            ) AS `t21`
            UNION ALL
            SELECT
              *
            FROM (
              SELECT
                `t20`.`record_id`,
                `t20`.`channel`,
                'Discount Used' AS `name`,
                `t20`.`happened_on`,
                CAST(`t20`.`amount` > 0 AS DOUBLE) AS `count`,
                IF(`t20`.`amount` > 0, `t20`.`saved`, 0.0) AS `amount`,
                0.0 AS `millis`,
                `t20`.`first_at`,
                `t20`.`last_at`,
                `t20`.`order_id` AS `last_id`
              FROM `t19` AS `t20`
              WHERE
                `t20`.`saved` > 0
            ) AS `t22`
          ) AS `t23`
        ) AS `t24`
        UNION ALL
        SELECT
          *
        FROM (
          SELECT
            `t13`.`record_id`,
            COALESCE(`t7`.`told_by`, '') AS `channel`,
            'Contacted' AS `name`,
            `t13`.`touched_on` AS `happened_on`,
            1.0 AS `count`,
            0.0 AS `amount`,
            0.0 AS `millis`,
            COALESCE(`t13`.`touched_at`, CAST(`t13`.`touched_on` AS TIMESTAMP)) AS `first_at`,
            COALESCE(`t13`.`touched_at`, CAST(`t13`.`touched_on` AS TIMESTAMP)) AS `last_at`,
            `t13`.`touch_id` AS `last_id`
          FROM (
            SELECT
              *
            FROM `touch` AS `t2`
            WHERE
              NOT (
                COALESCE(`t2`.`holdout`, FALSE)
              )
          ) AS `t13`
          LEFT OUTER JOIN (
            SELECT
              `t1`.`batch_id`,
              `t1`.`source` AS `told_by`
            FROM `batch` AS `t1`
          ) AS `t7`
            ON `t13`.`batch_id` = `t7`.`batch_id`
        ) AS `t16`
      ) AS `t25`
    ) AS `t26`
    WHERE
      `t26`.`happened_on` IS NOT NULL
  ) AS `t27`
  GROUP BY
    1,
    2,
    3,
    4
) AS `t28`
