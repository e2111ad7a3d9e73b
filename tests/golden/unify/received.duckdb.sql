SELECT
  "t13"."customer_id",
  "t13"."campaign_id",
  "t13"."starts_on" AS "at_on"
FROM (
  SELECT
    "t12"."customer_id",
    "t12"."campaign_id",
    "t12"."on",
    "t6"."starts_on"
  FROM (
    SELECT
      "t10"."customer_id",
      "t10"."campaign_id",
      MIN(COALESCE("t10"."touched_on", "t10"."starts_on")) AS "on"
    FROM (
      SELECT
        "t9"."customer_id",
        "t9"."campaign_id",
        "t9"."touched_on",
        "t6"."campaign_id" AS "campaign_id_right",
        "t6"."starts_on"
      FROM (
        SELECT
          "t7"."customer_id",
          "t7"."campaign_id",
          "t7"."touched_on"
        FROM (
          SELECT
            COALESCE("t4"."customer_id", "t3"."record_id") AS "customer_id",
            "t3"."touch_id",
            "t3"."campaign_id",
            "t3"."channel",
            "t3"."policy",
            "t3"."propensity",
            "t3"."holdout",
            "t3"."touched_at",
            "t3"."touched_on",
            "t3"."batch_id",
            "t3"."source_row"
          FROM "touch" AS "t3"
          LEFT OUTER JOIN "identity" AS "t4"
            ON "t3"."record_id" = "t4"."record_id"
        ) AS "t7"
        WHERE
          NOT (
            COALESCE("t7"."holdout", FALSE)
          ) AND "t7"."campaign_id" <> ''
      ) AS "t9"
      LEFT OUTER JOIN (
        SELECT
          "t0"."campaign_id",
          "t0"."starts_on"
        FROM "campaign" AS "t0"
      ) AS "t6"
        ON "t9"."campaign_id" = "t6"."campaign_id"
    ) AS "t10"
    GROUP BY
      1,
      2
  ) AS "t12"
  INNER JOIN (
    SELECT
      "t0"."campaign_id",
      "t0"."starts_on"
    FROM "campaign" AS "t0"
  ) AS "t6"
    ON "t12"."campaign_id" = "t6"."campaign_id"
) AS "t13"
WHERE
  "t13"."starts_on" IS NOT NULL
