SELECT
  "t4"."customer_id",
  "t4"."source",
  "t4"."line_id",
  "t4"."order_id",
  "t4"."product_id",
  "t4"."quantity",
  "t4"."amount",
  "t4"."discount",
  "t4"."coupon",
  "t4"."currency",
  "t4"."store_id",
  "t4"."ordered_at",
  "t4"."ordered_on" AS "on",
  "t4"."batch_id",
  "t4"."source_row"
FROM (
  SELECT
    COALESCE("t3"."customer_id", "t2"."record_id") AS "customer_id",
    "t2"."source",
    "t2"."line_id",
    "t2"."order_id",
    "t2"."product_id",
    "t2"."quantity",
    "t2"."amount",
    "t2"."discount",
    "t2"."coupon",
    "t2"."currency",
    "t2"."store_id",
    "t2"."ordered_at",
    "t2"."ordered_on",
    "t2"."batch_id",
    "t2"."source_row"
  FROM "order_line" AS "t2"
  LEFT OUTER JOIN "identity" AS "t3"
    ON "t2"."record_id" = "t3"."record_id"
) AS "t4"
WHERE
  "t4"."currency" = 'CNY'
