SELECT
  "t7"."customer_id",
  "t7"."on",
  "t7"."orders",
  "t7"."spend",
  "t7"."lines",
  "t7"."paid",
  "t7"."discount",
  "t7"."coupon_lines",
  "t7"."coupon_orders",
  CASE
    WHEN "t7"."orders" > 0
    THEN CAST(DATE_DIFF(
      'DAY',
      MAX(CASE WHEN "t7"."orders" > 0 THEN "t7"."on" ELSE NULL END) OVER (
        PARTITION BY "t7"."customer_id"
        ORDER BY "t7"."on" ASC
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 preceding
      ),
      "t7"."on"
    ) AS DOUBLE)
    ELSE NULL
  END AS "gap",
  MIN(CASE WHEN "t7"."orders" > 0 THEN "t7"."on" ELSE NULL END) OVER (
    PARTITION BY "t7"."customer_id"
    ORDER BY "t7"."on" ASC
    ROWS BETWEEN 1 following AND UNBOUNDED FOLLOWING
  ) AS "next_on"
FROM (
  SELECT
    "t6"."customer_id",
    "t6"."on",
    COALESCE(SUM(CAST("t6"."spend" > 0 AS DOUBLE)), 0.0) AS "orders",
    COALESCE(SUM("t6"."spend"), 0.0) AS "spend",
    COALESCE(SUM("t6"."lines"), 0.0) AS "lines",
    COALESCE(SUM("t6"."paid"), 0.0) AS "paid",
    COALESCE(SUM("t6"."discount"), 0.0) AS "discount",
    COALESCE(SUM("t6"."coupon_lines"), 0.0) AS "coupon_lines",
    COALESCE(SUM(CAST((
      "t6"."spend" > 0
    ) AND (
      "t6"."coupon_lines" > 0
    ) AS DOUBLE)), 0.0) AS "coupon_orders"
  FROM (
    SELECT
      "t5"."customer_id",
      "t5"."source",
      "t5"."order_id",
      "t5"."on",
      COALESCE(SUM(CAST("t5"."amount" AS DOUBLE)), 0.0) AS "spend",
      COALESCE(SUM(CAST("t5"."amount" > 0 AS DOUBLE)), 0.0) AS "lines",
      COALESCE(
        SUM(CASE WHEN "t5"."amount" > 0 THEN CAST("t5"."amount" AS DOUBLE) ELSE 0.0 END),
        0.0
      ) AS "paid",
      COALESCE(
        SUM(CASE WHEN "t5"."amount" > 0 THEN CAST("t5"."discount" AS DOUBLE) ELSE 0.0 END),
        0.0
      ) AS "discount",
      COALESCE(SUM(CAST((
        "t5"."amount" > 0
      ) AND (
        "t5"."coupon" > 0
      ) AS DOUBLE)), 0.0) AS "coupon_lines"
    FROM (
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
    ) AS "t5"
    GROUP BY
      1,
      2,
      3,
      4
  ) AS "t6"
  GROUP BY
    1,
    2
) AS "t7"
