WITH "t7" AS (
  SELECT
    *
  FROM "membership" AS "t0"
  WHERE
    "t0"."since_on" < MAKE_DATE(2026, 11, 21)
    AND (
      (
        "t0"."until_on" IS NULL
      ) OR (
        "t0"."until_on" = MAKE_DATE(2026, 11, 21)
      )
    )
)
SELECT
  *
FROM (
  SELECT
    "t8"."customer_id",
    "t8"."scheme",
    "t8"."segment_id",
    "t8"."since_on",
    CAST(NULL AS DATE) AS "until_on"
  FROM (
    SELECT
      *
    FROM "membership" AS "t0"
    WHERE
      "t0"."since_on" < MAKE_DATE(2026, 11, 21)
      AND (
        (
          "t0"."until_on" IS NULL
        ) OR (
          "t0"."until_on" = MAKE_DATE(2026, 11, 21)
        )
      )
      AND "t0"."until_on" IS NOT NULL
  ) AS "t8"
  SEMI JOIN "today" AS "t2"
    ON "t8"."customer_id" = "t2"."customer_id"
    AND "t8"."scheme" = "t2"."scheme"
    AND "t8"."segment_id" = "t2"."segment_id"
) AS "t12"
UNION ALL
SELECT
  *
FROM (
  SELECT
    *
  FROM (
    SELECT
      "t3"."customer_id",
      "t3"."scheme",
      "t3"."segment_id",
      MAKE_DATE(2026, 11, 21) AS "since_on",
      CAST(NULL AS DATE) AS "until_on"
    FROM "today" AS "t3"
    ANTI JOIN "t7" AS "t10"
      ON "t3"."customer_id" = "t10"."customer_id"
      AND "t3"."scheme" = "t10"."scheme"
      AND "t3"."segment_id" = "t10"."segment_id"
    ANTI JOIN (
      SELECT
        *
      FROM "membership" AS "t0"
      WHERE
        "t0"."since_on" = MAKE_DATE(2026, 11, 21)
    ) AS "t5"
      ON "t3"."customer_id" = "t5"."customer_id"
      AND "t3"."scheme" = "t5"."scheme"
      AND "t3"."segment_id" = "t5"."segment_id"
  ) AS "t13"
  UNION ALL
  SELECT
    *
  FROM (
    SELECT
      "t14"."customer_id",
      "t14"."scheme",
      "t14"."segment_id",
      "t14"."since_on",
      MAKE_DATE(2026, 11, 21) AS "until_on"
    FROM (
      SELECT
        "t11"."customer_id",
        "t11"."scheme",
        "t11"."segment_id",
        "t11"."since_on",
        "t11"."until_on"
      FROM "t7" AS "t11"
      ANTI JOIN "today" AS "t2"
        ON "t11"."customer_id" = "t2"."customer_id"
        AND "t11"."scheme" = "t2"."scheme"
        AND "t11"."segment_id" = "t2"."segment_id"
    ) AS "t14"
    WHERE
      "t14"."until_on" IS NULL
  ) AS "t15"
) AS "t16"
