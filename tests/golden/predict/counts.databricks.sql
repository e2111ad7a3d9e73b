WITH `t8` AS (
  SELECT
    `t6`.`customer_id`,
    CAST(`t7`.`customer_id` IS NOT NULL AS BIGINT) AS `inside`
  FROM (
    SELECT
      `t1`.`customer_id`
    FROM `profile` AS `t1`
  ) AS `t6`
  LEFT OUTER JOIN (
    SELECT
      *
    FROM `members` AS `t2`
  ) AS `t7`
    ON `t6`.`customer_id` = `t7`.`customer_id`
)
SELECT
  `t15`.`kind`,
  `t15`.`thing`,
  `t15`.`own`,
  `t15`.`every`,
  `t13`.`group_size`,
  `t13`.`all_size`
FROM (
  SELECT
    `t12`.`kind`,
    `t12`.`thing`,
    SUM(`t12`.`inside`) AS `own`,
    COUNT(*) AS `every`
  FROM (
    SELECT
      `t3`.`customer_id`,
      `t3`.`kind`,
      `t3`.`thing`,
      `t10`.`inside`
    FROM `pairs` AS `t3`
    INNER JOIN `t8` AS `t10`
      ON `t3`.`customer_id` = `t10`.`customer_id`
  ) AS `t12`
  GROUP BY
    1,
    2
) AS `t15`
CROSS JOIN (
  SELECT
    COALESCE(SUM(`t9`.`inside`), 0) AS `group_size`,
    COUNT(*) AS `all_size`
  FROM `t8` AS `t9`
) AS `t13`
