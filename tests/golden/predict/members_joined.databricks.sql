SELECT
  `t31`.`customer_id`
FROM (
  SELECT
    `t30`.`customer_id`,
    `t30`.`attribute.年龄`,
    `t30`.`attribute.birthday`,
    `t30`.`interests`,
    `t30`.`attribute.city`,
    `t30`.`discount_share_84d`,
    `t30`.`kind`,
    `t30`.`prediction.churn`,
    `t30`.`prediction.category_raise`,
    `t30`.`segment.behaviour`
  FROM (
    SELECT
      `t29`.`customer_id`,
      `t29`.`attribute.年龄`,
      `t29`.`attribute.birthday`,
      `t29`.`interests`,
      `t29`.`attribute.city`,
      `t29`.`discount_share_84d`,
      `t29`.`kind`,
      `t29`.`prediction.churn`,
      `t29`.`prediction.category_raise`,
      `t18`.`customer_id` AS `customer_id_right`,
      `t18`.`segment.behaviour`
    FROM (
      SELECT
        `t27`.`customer_id`,
        `t27`.`attribute.年龄`,
        `t27`.`attribute.birthday`,
        `t27`.`interests`,
        `t27`.`attribute.city`,
        `t27`.`discount_share_84d`,
        `t27`.`kind`,
        `t27`.`prediction.churn`,
        `t27`.`prediction.category_raise`
      FROM (
        SELECT
          `t26`.`customer_id`,
          `t26`.`attribute.年龄`,
          `t26`.`attribute.birthday`,
          `t26`.`interests`,
          `t26`.`attribute.city`,
          `t26`.`discount_share_84d`,
          `t26`.`kind`,
          `t26`.`prediction.churn`,
          `t15`.`customer_id` AS `customer_id_right`,
          `t15`.`prediction.category_raise`
        FROM (
          SELECT
            `t24`.`customer_id`,
            `t24`.`attribute.年龄`,
            `t24`.`attribute.birthday`,
            `t24`.`interests`,
            `t24`.`attribute.city`,
            `t24`.`discount_share_84d`,
            `t24`.`kind`,
            `t24`.`prediction.churn`
          FROM (
            SELECT
              `t23`.`customer_id`,
              `t23`.`attribute.年龄`,
              `t23`.`attribute.birthday`,
              `t23`.`interests`,
              `t23`.`attribute.city`,
              `t23`.`discount_share_84d`,
              `t23`.`kind`,
              `t11`.`customer_id` AS `customer_id_right`,
              `t11`.`prediction.churn`
            FROM (
              SELECT
                `t21`.`customer_id`,
                `t21`.`attribute.年龄`,
                `t21`.`attribute.birthday`,
                `t21`.`interests`,
                `t21`.`attribute.city`,
                `t21`.`discount_share_84d`,
                `t21`.`kind`
              FROM (
                SELECT
                  `t20`.`customer_id`,
                  `t20`.`attribute.年龄`,
                  `t20`.`attribute.birthday`,
                  `t20`.`interests`,
                  `t20`.`attribute.city`,
                  `t20`.`discount_share_84d`,
                  `t12`.`customer_id` AS `customer_id_right`,
                  `t12`.`kind`
                FROM (
                  SELECT
                    `t17`.`customer_id`,
                    `t17`.`attribute.年龄`,
                    `t17`.`attribute.birthday`,
                    `t17`.`interests`,
                    `t17`.`attribute.city`,
                    `t17`.`discount_share_84d`
                  FROM (
                    SELECT
                      `t9`.`customer_id`,
                      `t9`.`attribute.年龄`,
                      `t9`.`attribute.birthday`,
                      `t9`.`interests`,
                      `t9`.`attribute.city`,
                      `t13`.`customer_id` AS `customer_id_right`,
                      `t13`.`discount_share_84d`
                    FROM (
                      SELECT
                        `t3`.`customer_id`,
                        `t3`.`attributes` AS `attribute.年龄`,
                        `t3`.`attributes` AS `attribute.birthday`,
                        `t3`.`interests`,
                        `t3`.`attributes` AS `attribute.city`
                      FROM `profile` AS `t3`
                    ) AS `t9`
                    LEFT OUTER JOIN (
                      SELECT
                        `t4`.`customer_id`,
                        `t4`.`discount_share_84d`
                      FROM `profile_at` AS `t4`
                      WHERE
                        `t4`.`at_on` = MAKE_DATE(2026, 11, 21)
                    ) AS `t13`
                      ON `t9`.`customer_id` = `t13`.`customer_id`
                  ) AS `t17`
                ) AS `t20`
                LEFT OUTER JOIN (
                  SELECT
                    `t2`.`customer_id`,
                    NULLIF(`t2`.`kind`, '') AS `kind`
                  FROM `customer` AS `t2`
                ) AS `t12`
                  ON `t20`.`customer_id` = `t12`.`customer_id`
              ) AS `t21`
            ) AS `t23`
            LEFT OUTER JOIN (
              SELECT
                `t1`.`customer_id`,
                `t1`.`value` AS `prediction.churn`
              FROM `prediction` AS `t1`
              WHERE
                `t1`.`question` = 'churn'
                AND `t1`.`at_on` = MAKE_DATE(2026, 11, 21)
                AND `t1`.`subject_id` = ''
            ) AS `t11`
              ON `t23`.`customer_id` = `t11`.`customer_id`
          ) AS `t24`
        ) AS `t26`
        LEFT OUTER JOIN (
          SELECT
            `t6`.`customer_id`,
            MAX(`t6`.`value`) AS `prediction.category_raise`
          FROM (
            SELECT
              *
            FROM `prediction` AS `t1`
            WHERE
              `t1`.`question` = 'category_raise' AND `t1`.`at_on` = MAKE_DATE(2026, 11, 21)
          ) AS `t6`
          GROUP BY
            1
        ) AS `t15`
          ON `t26`.`customer_id` = `t15`.`customer_id`
      ) AS `t27`
    ) AS `t29`
    LEFT OUTER JOIN (
      SELECT
        `t0`.`customer_id`,
        CONCAT(
          CONCAT(
            '',
            CONCAT(
              CONCAT(CONCAT(CONCAT(`t0`.`segment_id`, ''), `t0`.`name_zh`), ''),
              `t0`.`name_en`
            )
          ),
          ''
        ) AS `segment.behaviour`
      FROM `segment` AS `t0`
      WHERE
        `t0`.`scheme` = 'behaviour'
    ) AS `t18`
      ON `t29`.`customer_id` = `t18`.`customer_id`
  ) AS `t30`
) AS `t31`
WHERE
  CAST(NULLIF(
    REGEXP_EXTRACT(`t31`.`attribute.年龄`, '"年龄":\\ \\{"value":\\ "(-?[0-9]{1,15}(\\.[0-9]{1,9})?)"'),
    ''
  ) AS DOUBLE) BETWEEN 18 AND 30
  AND NULLIF(
    REGEXP_EXTRACT(
      `t31`.`attribute.birthday`,
      '"birthday":\\ \\{"value":\\ "([0-9]{4}-[0-9]{2}-[0-9]{2})"'
    ),
    ''
  ) < '1986-12-01'
  AND CONTAINS(`t31`.`interests`, '{"category": "乳品",')
  AND `t31`.`discount_share_84d` >= 0.3
  AND `t31`.`kind` = 'person'
  AND `t31`.`prediction.churn` >= 0.6
  AND (
    `t31`.`prediction.category_raise` IS NOT NULL
    AND NOT ISNAN(`t31`.`prediction.category_raise`)
  )
  AND CONTAINS(`t31`.`segment.behaviour`, 'g1')
  AND NOT (
    COALESCE(CONTAINS(`t31`.`attribute.city`, '"city": {"value": "上海",'), FALSE)
  )
