SELECT
  `t0`.`customer_id`
FROM `profile` AS `t0`
WHERE
  `t0`.`spend` >= 500000
  AND `t0`.`days_since_order` > 60
  AND (
    CONTAINS(`t0`.`attributes`, '"city": {"value": "上海",')
    OR CONTAINS(`t0`.`attributes`, '"city": {"value": "杭州",')
  )
  AND NOT (
    COALESCE(NULLIF(`t0`.`tier`, '') = 'champion', FALSE)
  )
