SELECT
  AVG("t9"."orders") FILTER(WHERE
    "t9"."member_id" IS NOT NULL) AS "group_orders",
  AVG("t9"."spend") FILTER(WHERE
    "t9"."member_id" IS NOT NULL) AS "group_spend",
  AVG("t9"."days_since_order") FILTER(WHERE
    "t9"."member_id" IS NOT NULL) AS "group_days_since_order",
  AVG("t9"."orders_84d") FILTER(WHERE
    "t9"."member_id" IS NOT NULL) AS "group_orders_84d",
  AVG("t9"."spend_84d") FILTER(WHERE
    "t9"."member_id" IS NOT NULL) AS "group_spend_84d",
  AVG("t9"."discount_share_84d") FILTER(WHERE
    "t9"."member_id" IS NOT NULL) AS "group_discount_share_84d",
  AVG("t9"."categories_84d") FILTER(WHERE
    "t9"."member_id" IS NOT NULL) AS "group_categories_84d",
  AVG("t9"."orders") AS "all_orders",
  AVG("t9"."spend") AS "all_spend",
  AVG("t9"."days_since_order") AS "all_days_since_order",
  AVG("t9"."orders_84d") AS "all_orders_84d",
  AVG("t9"."spend_84d") AS "all_spend_84d",
  AVG("t9"."discount_share_84d") AS "all_discount_share_84d",
  AVG("t9"."categories_84d") AS "all_categories_84d"
FROM (
  SELECT
    "t5"."customer_id",
    "t5"."orders",
    "t5"."spend",
    "t5"."days_since_order",
    "t8"."customer_id" AS "customer_id_right",
    "t8"."orders_84d",
    "t8"."spend_84d",
    "t8"."discount_share_84d",
    "t8"."categories_84d",
    "t7"."member_id"
  FROM (
    SELECT
      "t0"."customer_id",
      "t0"."orders",
      "t0"."spend",
      "t0"."days_since_order"
    FROM "profile" AS "t0"
  ) AS "t5"
  LEFT OUTER JOIN (
    SELECT
      "t1"."customer_id",
      "t1"."orders_84d",
      "t1"."spend_84d",
      "t1"."discount_share_84d",
      "t1"."categories_84d"
    FROM "profile_at" AS "t1"
    WHERE
      "t1"."at_on" = MAKE_DATE(2026, 11, 21)
  ) AS "t8"
    ON "t5"."customer_id" = "t8"."customer_id"
  LEFT OUTER JOIN (
    SELECT
      "t2"."customer_id" AS "member_id"
    FROM "members" AS "t2"
  ) AS "t7"
    ON "t5"."customer_id" = "t7"."member_id"
) AS "t9"
