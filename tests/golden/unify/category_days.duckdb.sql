SELECT
  "t10"."customer_id",
  "t10"."category",
  "t10"."on",
  COALESCE(SUM(CAST("t10"."amount" AS DOUBLE)), 0.0) AS "spend",
  COALESCE(SUM(CAST("t10"."discount" AS DOUBLE)), 0.0) AS "discount",
  CAST(COUNT(*) AS DOUBLE) AS "lines",
  COALESCE(SUM(CAST("t10"."coupon" > 0 AS DOUBLE)), 0.0) AS "coupon_lines"
FROM (
  SELECT
    "t9"."customer_id",
    "t9"."product_id",
    "t9"."on",
    "t9"."amount",
    "t9"."discount",
    "t9"."coupon",
    "t6"."category"
  FROM (
    SELECT
      "t7"."customer_id",
      "t7"."product_id",
      "t7"."ordered_on" AS "on",
      "t7"."amount",
      "t7"."discount",
      "t7"."coupon"
    FROM (
      SELECT
        COALESCE("t4"."customer_id", "t3"."record_id") AS "customer_id",
        "t3"."source",
        "t3"."line_id",
        "t3"."order_id",
        "t3"."product_id",
        "t3"."quantity",
        "t3"."amount",
        "t3"."discount",
        "t3"."coupon",
        "t3"."currency",
        "t3"."store_id",
        "t3"."ordered_at",
        "t3"."ordered_on",
        "t3"."batch_id",
        "t3"."source_row"
      FROM "order_line" AS "t3"
      LEFT OUTER JOIN "identity" AS "t4"
        ON "t3"."record_id" = "t4"."record_id"
    ) AS "t7"
    WHERE
      "t7"."currency" = 'CNY' AND "t7"."amount" > 0
  ) AS "t9"
  INNER JOIN (
    SELECT
      "t0"."product_id",
      "t0"."category"
    FROM "product" AS "t0"
    WHERE
      "t0"."category" <> ''
  ) AS "t6"
    ON "t9"."product_id" = "t6"."product_id"
) AS "t10"
GROUP BY
  1,
  2,
  3
