SELECT
  "t2"."customer_id",
  "t2"."category" AS "value",
  CAST(ROUND("t2"."share", 4) AS DOUBLE) AS "confidence"
FROM (
  SELECT
    "t1"."customer_id",
    "t1"."category",
    "t1"."days",
    ROW_NUMBER() OVER (
      PARTITION BY "t1"."customer_id"
      ORDER BY "t1"."days" DESC, "t1"."category" ASC
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) - 1 AS "place",
    "t1"."days" / (
      SUM("t1"."days") OVER (
        PARTITION BY "t1"."customer_id"
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
      ) + 2.0
    ) AS "share"
  FROM (
    SELECT
      "t0"."customer_id",
      "t0"."category",
      COUNT(DISTINCT "t0"."on") AS "days"
    FROM "category_days" AS "t0"
    GROUP BY
      1,
      2
  ) AS "t1"
) AS "t2"
WHERE
  "t2"."place" = 0 AND "t2"."days" >= 3 AND "t2"."share" >= 0.3
