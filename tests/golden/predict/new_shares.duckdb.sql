WITH "t4" AS (
  SELECT
    "t2"."product_id",
    MIN("t2"."on") AS "first_on"
  FROM (
    SELECT
      "t0"."customer_id",
      "t0"."product_id",
      "t0"."on"
    FROM "lines" AS "t0"
    WHERE
      "t0"."amount" > 0
  ) AS "t2"
  GROUP BY
    1
)
SELECT
  "t12"."customer_id",
  AVG(
    CAST(COALESCE("t12"."on" < (
      "t12"."first_on" + INTERVAL '60' DAY
    ), FALSE) AS DOUBLE)
  ) AS "new_share_84d"
FROM (
  SELECT
    "t3"."customer_id",
    "t3"."product_id",
    "t3"."on",
    "t11"."product_id" AS "product_id_right",
    "t11"."first_on"
  FROM (
    SELECT
      "t0"."customer_id",
      "t0"."product_id",
      "t0"."on"
    FROM "lines" AS "t0"
    WHERE
      "t0"."amount" > 0 AND "t0"."on" >= MAKE_DATE(2026, 8, 29)
  ) AS "t3"
  LEFT OUTER JOIN (
    SELECT
      "t9"."product_id",
      "t9"."first_on"
    FROM (
      SELECT
        "t6"."product_id",
        "t6"."first_on",
        "t8"."start"
      FROM "t4" AS "t6"
      CROSS JOIN (
        SELECT
          MIN("t5"."first_on") AS "start"
        FROM "t4" AS "t5"
      ) AS "t8"
    ) AS "t9"
    WHERE
      "t9"."first_on" >= (
        "t9"."start" + INTERVAL '60' DAY
      )
  ) AS "t11"
    ON "t3"."product_id" = "t11"."product_id"
) AS "t12"
GROUP BY
  1
