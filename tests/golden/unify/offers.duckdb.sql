WITH "t13" AS (
  SELECT
    "t2"."campaign_id",
    "t2"."offer_id",
    "t2"."product_id"
  FROM "offer" AS "t2"
), "t42" AS (
  SELECT
    "t41"."customer_id",
    "t41"."campaign_id",
    "t41"."starts_on" AS "at_on"
  FROM (
    SELECT
      "t38"."customer_id",
      "t38"."campaign_id",
      "t38"."on",
      "t16"."starts_on"
    FROM (
      SELECT
        "t36"."customer_id",
        "t36"."campaign_id",
        MIN(COALESCE("t36"."touched_on", "t36"."starts_on")) AS "on"
      FROM (
        SELECT
          "t30"."customer_id",
          "t30"."campaign_id",
          "t30"."touched_on",
          "t16"."campaign_id" AS "campaign_id_right",
          "t16"."starts_on"
        FROM (
          SELECT
            "t22"."customer_id",
            "t22"."campaign_id",
            "t22"."touched_on"
          FROM (
            SELECT
              COALESCE("t10"."customer_id", "t9"."record_id") AS "customer_id",
              "t9"."touch_id",
              "t9"."campaign_id",
              "t9"."channel",
              "t9"."policy",
              "t9"."propensity",
              "t9"."holdout",
              "t9"."touched_at",
              "t9"."touched_on",
              "t9"."batch_id",
              "t9"."source_row"
            FROM "touch" AS "t9"
            LEFT OUTER JOIN "identity" AS "t10"
              ON "t9"."record_id" = "t10"."record_id"
          ) AS "t22"
          WHERE
            NOT (
              COALESCE("t22"."holdout", FALSE)
            ) AND "t22"."campaign_id" <> ''
        ) AS "t30"
        LEFT OUTER JOIN (
          SELECT
            "t0"."campaign_id",
            "t0"."starts_on"
          FROM "campaign" AS "t0"
        ) AS "t16"
          ON "t30"."campaign_id" = "t16"."campaign_id"
      ) AS "t36"
      GROUP BY
        1,
        2
    ) AS "t38"
    INNER JOIN (
      SELECT
        "t0"."campaign_id",
        "t0"."starts_on"
      FROM "campaign" AS "t0"
    ) AS "t16"
      ON "t38"."campaign_id" = "t16"."campaign_id"
  ) AS "t41"
  WHERE
    "t41"."starts_on" IS NOT NULL
)
SELECT
  "t54"."customer_id",
  "t54"."campaign_id",
  "t54"."at_on",
  COALESCE("t54"."offer_products", 0) AS "offer_products",
  COALESCE("t54"."offer_days", 0) AS "offer_days",
  COALESCE("t54"."offer_days_84d", 0) AS "offer_days_84d",
  CAST(COALESCE("t54"."offer_spend", 0) AS BIGINT) AS "offer_spend",
  CAST(COALESCE("t54"."offer_spend_28d", 0) AS BIGINT) AS "offer_spend_28d",
  CAST(COALESCE("t54"."offer_spend_84d", 0) AS BIGINT) AS "offer_spend_84d",
  "t54"."offer_days_since",
  CAST(COALESCE("t54"."offer_coupon_lines", 0) AS BIGINT) AS "offer_coupon_lines",
  CAST(COALESCE("t54"."offer_category_spend_84d", 0) AS BIGINT) AS "offer_category_spend_84d",
  CAST(COALESCE("t54"."offer_category_coupon_lines", 0) AS BIGINT) AS "offer_category_coupon_lines",
  "t54"."campaign_kind",
  "t54"."campaign_products",
  "t54"."campaign_offers",
  "t54"."campaign_days"
FROM (
  SELECT
    "t44"."customer_id",
    "t44"."campaign_id",
    "t44"."at_on",
    "t33"."campaign_kind",
    "t33"."campaign_products",
    "t33"."campaign_offers",
    "t33"."campaign_days",
    "t52"."offer_products",
    "t52"."offer_days",
    "t52"."offer_days_84d",
    "t52"."offer_spend",
    "t52"."offer_spend_28d",
    "t52"."offer_spend_84d",
    "t52"."offer_days_since",
    "t52"."offer_coupon_lines",
    "t53"."offer_category_spend_84d",
    "t53"."offer_category_coupon_lines"
  FROM "t42" AS "t44"
  INNER JOIN (
    SELECT
      "t7"."campaign_id",
      "t7"."kind" AS "campaign_kind",
      COALESCE("t25"."campaign_products", 0) AS "campaign_products",
      COALESCE("t25"."campaign_offers", 0) AS "campaign_offers",
      DATE_DIFF('DAY', "t7"."starts_on", "t7"."ends_on") AS "campaign_days"
    FROM "campaign" AS "t7"
    LEFT OUTER JOIN (
      SELECT
        "t17"."campaign_id",
        COUNT(DISTINCT "t17"."product_id") AS "campaign_products",
        COUNT(DISTINCT "t17"."offer_id") AS "campaign_offers"
      FROM "t13" AS "t17"
      GROUP BY
        1
    ) AS "t25"
      ON "t7"."campaign_id" = "t25"."campaign_id"
  ) AS "t33"
    ON "t44"."campaign_id" = "t33"."campaign_id"
  LEFT OUTER JOIN (
    SELECT
      "t48"."customer_id",
      "t48"."campaign_id",
      "t48"."at_on",
      COUNT(DISTINCT "t48"."product_id") AS "offer_products",
      COUNT(DISTINCT "t48"."on") AS "offer_days",
      COUNT(DISTINCT "t48"."on") FILTER(WHERE
        DATE_DIFF('DAY', "t48"."on", "t48"."at_on") <= 84) AS "offer_days_84d",
      COALESCE(SUM("t48"."spend"), 0.0) AS "offer_spend",
      COALESCE(
        SUM(
          CASE
            WHEN DATE_DIFF('DAY', "t48"."on", "t48"."at_on") <= 28
            THEN "t48"."spend"
            ELSE 0.0
          END
        ),
        0.0
      ) AS "offer_spend_28d",
      COALESCE(
        SUM(
          CASE
            WHEN DATE_DIFF('DAY', "t48"."on", "t48"."at_on") <= 84
            THEN "t48"."spend"
            ELSE 0.0
          END
        ),
        0.0
      ) AS "offer_spend_84d",
      MIN(DATE_DIFF('DAY', "t48"."on", "t48"."at_on")) AS "offer_days_since",
      COALESCE(SUM("t48"."coupon_lines"), 0.0) AS "offer_coupon_lines"
    FROM (
      SELECT
        *
      FROM (
        SELECT
          "t40"."customer_id",
          "t40"."product_id",
          "t40"."on",
          "t40"."spend",
          "t40"."coupon_lines",
          "t18"."campaign_id",
          "t45"."at_on"
        FROM (
          SELECT
            "t35"."customer_id",
            "t35"."product_id",
            "t35"."on",
            COALESCE(SUM(CAST("t35"."amount" AS DOUBLE)), 0.0) AS "spend",
            COALESCE(SUM(CAST("t35"."coupon" > 0 AS DOUBLE)), 0.0) AS "coupon_lines"
          FROM (
            SELECT
              "t29"."customer_id",
              "t29"."source",
              "t29"."line_id",
              "t29"."order_id",
              "t29"."product_id",
              "t29"."quantity",
              "t29"."amount",
              "t29"."discount",
              "t29"."coupon",
              "t29"."currency",
              "t29"."store_id",
              "t29"."ordered_at",
              "t29"."on",
              "t29"."batch_id",
              "t29"."source_row"
            FROM (
              SELECT
                "t23"."customer_id",
                "t23"."source",
                "t23"."line_id",
                "t23"."order_id",
                "t23"."product_id",
                "t23"."quantity",
                "t23"."amount",
                "t23"."discount",
                "t23"."coupon",
                "t23"."currency",
                "t23"."store_id",
                "t23"."ordered_at",
                "t23"."ordered_on" AS "on",
                "t23"."batch_id",
                "t23"."source_row"
              FROM (
                SELECT
                  COALESCE("t10"."customer_id", "t11"."record_id") AS "customer_id",
                  "t11"."source",
                  "t11"."line_id",
                  "t11"."order_id",
                  "t11"."product_id",
                  "t11"."quantity",
                  "t11"."amount",
                  "t11"."discount",
                  "t11"."coupon",
                  "t11"."currency",
                  "t11"."store_id",
                  "t11"."ordered_at",
                  "t11"."ordered_on",
                  "t11"."batch_id",
                  "t11"."source_row"
                FROM "order_line" AS "t11"
                LEFT OUTER JOIN "identity" AS "t10"
                  ON "t11"."record_id" = "t10"."record_id"
              ) AS "t23"
              WHERE
                "t23"."currency" = 'CNY' AND "t23"."amount" > 0
            ) AS "t29"
            SEMI JOIN "t13" AS "t20"
              ON "t29"."product_id" = "t20"."product_id"
          ) AS "t35"
          GROUP BY
            1,
            2,
            3
        ) AS "t40"
        INNER JOIN (
          SELECT DISTINCT
            "t2"."campaign_id",
            "t2"."product_id"
          FROM "offer" AS "t2"
        ) AS "t18"
          ON "t40"."product_id" = "t18"."product_id"
        INNER JOIN "t42" AS "t45"
          ON "t40"."customer_id" = "t45"."customer_id"
          AND "t18"."campaign_id" = "t45"."campaign_id"
      ) AS "t46"
      WHERE
        "t46"."on" < "t46"."at_on"
    ) AS "t48"
    GROUP BY
      1,
      2,
      3
  ) AS "t52"
    ON "t44"."customer_id" = "t52"."customer_id"
    AND "t44"."campaign_id" = "t52"."campaign_id"
    AND "t44"."at_on" = "t52"."at_on"
  LEFT OUTER JOIN (
    SELECT
      "t49"."customer_id",
      "t49"."campaign_id",
      "t49"."at_on",
      COALESCE(
        SUM(
          CASE
            WHEN DATE_DIFF('DAY', "t49"."on", "t49"."at_on") <= 84
            THEN "t49"."spend"
            ELSE 0.0
          END
        ),
        0.0
      ) AS "offer_category_spend_84d",
      COALESCE(SUM("t49"."coupon_lines"), 0.0) AS "offer_category_coupon_lines"
    FROM (
      SELECT
        *
      FROM (
        SELECT
          "t8"."customer_id",
          "t8"."category",
          "t8"."on",
          "t8"."spend",
          "t8"."discount",
          "t8"."lines",
          "t8"."coupon_lines",
          "t34"."campaign_id",
          "t45"."at_on"
        FROM "category_days" AS "t8"
        INNER JOIN (
          SELECT DISTINCT
            "t26"."campaign_id",
            "t26"."category"
          FROM (
            SELECT
              "t21"."campaign_id",
              "t21"."offer_id",
              "t21"."product_id",
              "t19"."category"
            FROM "t13" AS "t21"
            INNER JOIN (
              SELECT
                "t6"."product_id",
                "t6"."category"
              FROM "product" AS "t6"
            ) AS "t19"
              ON "t21"."product_id" = "t19"."product_id"
          ) AS "t26"
          WHERE
            "t26"."category" <> ''
        ) AS "t34"
          ON "t8"."category" = "t34"."category"
        INNER JOIN "t42" AS "t45"
          ON "t8"."customer_id" = "t45"."customer_id"
          AND "t34"."campaign_id" = "t45"."campaign_id"
      ) AS "t47"
      WHERE
        "t47"."on" < "t47"."at_on"
    ) AS "t49"
    GROUP BY
      1,
      2,
      3
  ) AS "t53"
    ON "t44"."customer_id" = "t53"."customer_id"
    AND "t44"."campaign_id" = "t53"."campaign_id"
    AND "t44"."at_on" = "t53"."at_on"
) AS "t54"
