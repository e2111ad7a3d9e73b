WITH `t9` AS (
  SELECT
    COALESCE(`t5`.`customer_id`, `t4`.`record_id`) AS `customer_id`,
    `t4`.`outcome_id`,
    `t4`.`campaign_id`,
    `t4`.`offer_id`,
    `t4`.`kind`,
    `t4`.`amount`,
    `t4`.`happened_at`,
    `t4`.`happened_on`,
    `t4`.`batch_id`,
    `t4`.`source_row`
  FROM `outcome` AS `t4`
  LEFT OUTER JOIN `identity` AS `t5`
    ON `t4`.`record_id` = `t5`.`record_id`
), `t19` AS (
  SELECT
    `t18`.`customer_id`,
    `t18`.`campaign_id`,
    MIN(COALESCE(`t18`.`touched_on`, `t18`.`starts_on`)) AS `on`
  FROM (
    SELECT
      `t15`.`customer_id`,
      `t15`.`campaign_id`,
      `t15`.`touched_on`,
      `t8`.`campaign_id` AS `campaign_id_right`,
      `t8`.`starts_on`
    FROM (
      SELECT
        `t10`.`customer_id`,
        `t10`.`campaign_id`,
        `t10`.`touched_on`
      FROM (
        SELECT
          COALESCE(`t5`.`customer_id`, `t6`.`record_id`) AS `customer_id`,
          `t6`.`touch_id`,
          `t6`.`campaign_id`,
          `t6`.`channel`,
          `t6`.`policy`,
          `t6`.`propensity`,
          `t6`.`holdout`,
          `t6`.`touched_at`,
          `t6`.`touched_on`,
          `t6`.`batch_id`,
          `t6`.`source_row`
        FROM `touch` AS `t6`
        LEFT OUTER JOIN `identity` AS `t5`
          ON `t6`.`record_id` = `t5`.`record_id`
      ) AS `t10`
      WHERE
        NOT (
          COALESCE(`t10`.`holdout`, FALSE)
        ) AND `t10`.`campaign_id` <> ''
    ) AS `t15`
    LEFT OUTER JOIN (
      SELECT
        `t2`.`campaign_id`,
        `t2`.`starts_on`
      FROM `campaign` AS `t2`
    ) AS `t8`
      ON `t15`.`campaign_id` = `t8`.`campaign_id`
  ) AS `t18`
  GROUP BY
    1,
    2
)
SELECT
  *
FROM (
  SELECT
    `t11`.`customer_id`,
    `t11`.`happened_on` AS `on`,
    CAST(0 AS DOUBLE) AS `received`,
    CAST(0 AS DOUBLE) AS `answered`,
    CAST(1 AS DOUBLE) AS `used`
  FROM `t9` AS `t11`
  WHERE
    `t11`.`kind` IN ('redeemed', 'bought', 'answered')
) AS `t12`
UNION ALL
SELECT
  *
FROM (
  SELECT
    *
  FROM (
    SELECT
      `t20`.`customer_id`,
      `t20`.`on`,
      CAST(1 AS DOUBLE) AS `received`,
      CAST(0 AS DOUBLE) AS `answered`,
      CAST(0 AS DOUBLE) AS `used`
    FROM `t19` AS `t20`
  ) AS `t22`
  UNION ALL
  SELECT
    *
  FROM (
    SELECT
      `t21`.`customer_id`,
      GREATEST(`t21`.`on`, `t17`.`answered_on`) AS `on`,
      CAST(0 AS DOUBLE) AS `received`,
      CAST(1 AS DOUBLE) AS `answered`,
      CAST(0 AS DOUBLE) AS `used`
    FROM `t19` AS `t21`
    INNER JOIN (
      SELECT
        `t13`.`customer_id`,
        `t13`.`campaign_id`,
        MIN(`t13`.`happened_on`) AS `answered_on`
      FROM (
        SELECT
          *
        FROM `t9` AS `t11`
        WHERE
          `t11`.`kind` IN ('redeemed', 'bought', 'answered')
      ) AS `t13`
      GROUP BY
        1,
        2
    ) AS `t17`
      ON `t21`.`customer_id` = `t17`.`customer_id`
      AND `t21`.`campaign_id` = `t17`.`campaign_id`
  ) AS `t23`
) AS `t24`
