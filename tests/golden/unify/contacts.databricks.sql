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
), `t21` AS (
  SELECT
    `t20`.`customer_id`,
    `t20`.`campaign_id`,
    MIN(COALESCE(`t20`.`touched_on`, `t20`.`starts_on`)) AS `on`
  FROM (
    SELECT
      `t16`.`customer_id`,
      `t16`.`campaign_id`,
      `t16`.`touched_on`,
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
    ) AS `t16`
    LEFT OUTER JOIN (
      SELECT
        `t2`.`campaign_id`,
        `t2`.`starts_on`
      FROM `campaign` AS `t2`
    ) AS `t8`
      ON `t16`.`campaign_id` = `t8`.`campaign_id`
  ) AS `t20`
  GROUP BY
    1,
    2
)
SELECT
  *
FROM (
  SELECT
    *
  FROM (
    SELECT
      `t22`.`customer_id`,
      `t22`.`on`,
      CAST(1 AS DOUBLE) AS `received`,
      CAST(0 AS DOUBLE) AS `answered`,
      CAST(0 AS DOUBLE) AS `used`,
      CAST(0 AS DOUBLE) AS `calls`,
      CAST(0 AS DOUBLE) AS `calls_yes`,
      CAST(0 AS DOUBLE) AS `calls_no`
    FROM `t21` AS `t22`
  ) AS `t24`
  UNION ALL
  SELECT
    *
  FROM (
    SELECT
      `t25`.`customer_id`,
      `t25`.`on`,
      CAST(0 AS DOUBLE) AS `received`,
      CAST(1 AS DOUBLE) AS `answered`,
      CAST(0 AS DOUBLE) AS `used`,
      CAST(0 AS DOUBLE) AS `calls`,
      CAST(0 AS DOUBLE) AS `calls_yes`,
      CAST(0 AS DOUBLE) AS `calls_no`
    FROM (
      SELECT
        `t23`.`customer_id`,
        GREATEST(`t23`.`on`, `t19`.`answered_on`) AS `on`
      FROM `t21` AS `t23`
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
      ) AS `t19`
        ON `t23`.`customer_id` = `t19`.`customer_id`
        AND `t23`.`campaign_id` = `t19`.`campaign_id`
    ) AS `t25`
  ) AS `t26`
) AS `t27`
UNION ALL
SELECT
  *
FROM (
  SELECT
    *
  FROM (
    SELECT
      `t11`.`customer_id`,
      `t11`.`happened_on` AS `on`,
      CAST(0 AS DOUBLE) AS `received`,
      CAST(0 AS DOUBLE) AS `answered`,
      CAST(1 AS DOUBLE) AS `used`,
      CAST(0 AS DOUBLE) AS `calls`,
      CAST(0 AS DOUBLE) AS `calls_yes`,
      CAST(0 AS DOUBLE) AS `calls_no`
    FROM `t9` AS `t11`
    WHERE
      `t11`.`kind` IN ('redeemed', 'bought', 'answered')
  ) AS `t12`
  UNION ALL
  SELECT
    *
  FROM (
    SELECT
      `t11`.`customer_id`,
      `t11`.`happened_on` AS `on`,
      CAST(0 AS DOUBLE) AS `received`,
      CAST(0 AS DOUBLE) AS `answered`,
      CAST(0 AS DOUBLE) AS `used`,
      CAST(1 AS DOUBLE) AS `calls`,
      CAST(`t11`.`kind` IN ('bought', 'answered') AS DOUBLE) AS `calls_yes`,
      CAST(`t11`.`kind` IN ('no_need') AS DOUBLE) AS `calls_no`
    FROM `t9` AS `t11`
    WHERE
      `t11`.`kind` IN ('bought', 'answered', 'no_need', 'unreachable', 'refused_contact')
      AND COALESCE(`t11`.`campaign_id`, '') = ''
  ) AS `t15`
) AS `t17`
