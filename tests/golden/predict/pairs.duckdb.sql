WITH "t12" AS (
  SELECT
    *
  FROM "attribute" AS "t4"
  WHERE
    "t4"."value" <> ''
)
SELECT
  *
FROM (
  SELECT
    *
  FROM (
    SELECT
      "t11"."customer_id",
      'category' AS "kind",
      "t14"."category" AS "thing"
    FROM (
      SELECT DISTINCT
        "t1"."record_id",
        "t1"."product_id"
      FROM "order_line" AS "t1"
      WHERE
        "t1"."amount" > 0
        AND "t1"."ordered_on" < MAKE_DATE(2026, 11, 21)
        AND "t1"."ordered_on" >= MAKE_DATE(2025, 11, 21)
    ) AS "t13"
    INNER JOIN (
      SELECT
        "t2"."product_id",
        "t2"."category"
      FROM "product" AS "t2"
      WHERE
        "t2"."category" <> ''
    ) AS "t14"
      ON "t13"."product_id" = "t14"."product_id"
    INNER JOIN (
      SELECT
        *
      FROM "identity" AS "t3"
    ) AS "t11"
      ON "t13"."record_id" = "t11"."record_id"
  ) AS "t18"
  UNION
  SELECT
    *
  FROM (
    SELECT
      "t11"."customer_id",
      "t16"."name" AS "kind",
      "t16"."value" AS "thing"
    FROM "t12" AS "t16"
    SEMI JOIN (
      SELECT
        *
      FROM (
        SELECT
          "t15"."name",
          COUNT(DISTINCT "t15"."value") AS "values"
        FROM "t12" AS "t15"
        GROUP BY
          1
      ) AS "t17"
      WHERE
        "t17"."values" <= 30
    ) AS "t20"
      ON "t16"."name" = "t20"."name"
    INNER JOIN (
      SELECT
        *
      FROM "identity" AS "t3"
    ) AS "t11"
      ON "t16"."record_id" = "t11"."record_id"
  ) AS "t21"
) AS "t22"
UNION
SELECT
  *
FROM (
  SELECT
    *
  FROM (
    SELECT
      "t0"."customer_id",
      'stage' AS "kind",
      "t0"."stage" AS "thing"
    FROM "profile" AS "t0"
  ) AS "t5"
  UNION
  SELECT
    *
  FROM (
    SELECT
      "t0"."customer_id",
      'tier' AS "kind",
      "t0"."tier" AS "thing"
    FROM "profile" AS "t0"
  ) AS "t6"
) AS "t8"
