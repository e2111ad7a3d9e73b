SELECT
  `t2`.`product_id`,
  `t2`.`source`,
  `t2`.`name`,
  COALESCE(NULLIF(`t2`.`category`, ''), `t4`.`inferred`) AS `category`,
  `t2`.`department`,
  `t2`.`brand`,
  `t2`.`price`,
  `t2`.`currency`,
  `t2`.`repeatable`,
  `t2`.`hidden`,
  `t2`.`sold_from`,
  `t2`.`sold_until`,
  `t2`.`regions`,
  `t2`.`margin`,
  `t2`.`successor_id`,
  `t2`.`attributes`,
  `t2`.`description`,
  `t2`.`batch_id`,
  `t2`.`source_row`
FROM `product` AS `t2`
LEFT OUTER JOIN (
  SELECT
    `t1`.`product_id`,
    `t1`.`value` AS `inferred`
  FROM `fill` AS `t1`
) AS `t4`
  ON `t2`.`product_id` = `t4`.`product_id`
