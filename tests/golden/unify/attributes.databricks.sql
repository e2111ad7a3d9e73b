SELECT
  COALESCE(`t3`.`customer_id`, `t6`.`record_id`) AS `customer_id`,
  `t6`.`name`,
  `t6`.`value`,
  `t7`.`source`,
  `t7`.`since_on`,
  `t6`.`record_id` AS `record`
FROM (
  SELECT
    `t0`.`record_id`,
    `t0`.`name`,
    `t0`.`value`
  FROM `attribute` AS `t0`
) AS `t6`
LEFT OUTER JOIN (
  SELECT
    `t2`.`record_id`,
    `t2`.`source`,
    `t2`.`since_on`
  FROM `record` AS `t2`
) AS `t7`
  ON `t6`.`record_id` = `t7`.`record_id`
LEFT OUTER JOIN `identity` AS `t3`
  ON `t6`.`record_id` = `t3`.`record_id`
