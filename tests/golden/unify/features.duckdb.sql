SELECT
  "t39"."customer_id",
  "t39"."at_on",
  CAST("t39"."orders_7d" AS BIGINT) AS "orders_7d",
  CAST("t39"."orders_14d" AS BIGINT) AS "orders_14d",
  CAST("t39"."orders_28d" AS BIGINT) AS "orders_28d",
  CAST("t39"."orders_56d" AS BIGINT) AS "orders_56d",
  CAST("t39"."orders_84d" AS BIGINT) AS "orders_84d",
  CAST("t39"."orders_all" AS BIGINT) AS "orders_all",
  CAST("t39"."spend_7d" AS BIGINT) AS "spend_7d",
  CAST("t39"."spend_14d" AS BIGINT) AS "spend_14d",
  CAST("t39"."spend_28d" AS BIGINT) AS "spend_28d",
  CAST("t39"."spend_56d" AS BIGINT) AS "spend_56d",
  CAST("t39"."spend_84d" AS BIGINT) AS "spend_84d",
  CAST("t39"."spend_all" AS BIGINT) AS "spend_all",
  CAST("t39"."lines_7d" AS BIGINT) AS "lines_7d",
  CAST("t39"."lines_14d" AS BIGINT) AS "lines_14d",
  CAST("t39"."lines_28d" AS BIGINT) AS "lines_28d",
  CAST("t39"."lines_56d" AS BIGINT) AS "lines_56d",
  CAST("t39"."lines_84d" AS BIGINT) AS "lines_84d",
  CAST("t39"."lines_all" AS BIGINT) AS "lines_all",
  CAST("t39"."days_28d" AS BIGINT) AS "days_28d",
  CAST("t39"."days_56d" AS BIGINT) AS "days_56d",
  CAST("t39"."days_84d" AS BIGINT) AS "days_84d",
  CAST("t39"."days_all" AS BIGINT) AS "days_all",
  "t39"."days_since_order",
  "t39"."tenure_days",
  "t39"."gap_mean",
  "t39"."gap_std",
  CAST("t39"."gap_max" AS BIGINT) AS "gap_max",
  CAST("t39"."last_gap" AS BIGINT) AS "last_gap",
  "t39"."ticket_std",
  CAST("t39"."last_ticket" AS BIGINT) AS "last_ticket",
  "t39"."products_84d",
  "t39"."categories_28d",
  "t39"."categories_84d",
  "t39"."discount_share_28d",
  "t39"."discount_share_84d",
  "t39"."discount_share_all",
  CAST("t39"."coupon_orders_28d" AS BIGINT) AS "coupon_orders_28d",
  CAST("t39"."coupon_orders_84d" AS BIGINT) AS "coupon_orders_84d",
  CAST("t39"."coupon_orders_all" AS BIGINT) AS "coupon_orders_all",
  CAST("t39"."coupon_lines_84d" AS BIGINT) AS "coupon_lines_84d",
  CAST("t39"."coupon_lines_all" AS BIGINT) AS "coupon_lines_all",
  "t39"."days_since_coupon",
  CAST("t39"."offers_received" AS BIGINT) AS "offers_received",
  CAST("t39"."offers_answered" AS BIGINT) AS "offers_answered",
  CAST("t39"."offers_used" AS BIGINT) AS "offers_used",
  "t39"."days_since_answer",
  CAST("t39"."calls_84d" AS BIGINT) AS "calls_84d",
  CAST("t39"."calls_all" AS BIGINT) AS "calls_all",
  CAST("t39"."calls_yes_all" AS BIGINT) AS "calls_yes_all",
  CAST("t39"."calls_no_all" AS BIGINT) AS "calls_no_all",
  "t39"."days_since_call",
  CAST("t39"."visits_28d" AS BIGINT) AS "visits_28d",
  CAST("t39"."visits_84d" AS BIGINT) AS "visits_84d",
  "t39"."days_since_visit",
  CAST("t39"."logins_28d" AS BIGINT) AS "logins_28d",
  CAST("t39"."logins_84d" AS BIGINT) AS "logins_84d",
  "t39"."days_since_login",
  "t39"."days_since_renewal",
  CAST("t39"."has_attributes" AS BIGINT) AS "has_attributes"
FROM (
  SELECT
    "t38"."customer_id",
    "t38"."at_on",
    "t38"."orders_7d",
    "t38"."orders_14d",
    "t38"."orders_28d",
    "t38"."orders_56d",
    "t38"."orders_84d",
    "t38"."orders_all",
    "t38"."spend_7d",
    "t38"."spend_14d",
    "t38"."spend_28d",
    "t38"."spend_56d",
    "t38"."spend_84d",
    "t38"."spend_all",
    "t38"."lines_7d",
    "t38"."lines_14d",
    "t38"."lines_28d",
    "t38"."lines_56d",
    "t38"."lines_84d",
    "t38"."lines_all",
    "t38"."paid_28d",
    "t38"."paid_84d",
    "t38"."paid_all",
    "t38"."discount_28d",
    "t38"."discount_84d",
    "t38"."discount_all",
    "t38"."coupon_orders_28d",
    "t38"."coupon_orders_84d",
    "t38"."coupon_orders_all",
    "t38"."coupon_lines_84d",
    "t38"."coupon_lines_all",
    "t38"."calls_84d",
    "t38"."calls_all",
    "t38"."calls_yes_all",
    "t38"."calls_no_all",
    "t38"."visits_28d",
    "t38"."visits_84d",
    "t38"."logins_28d",
    "t38"."logins_84d",
    "t38"."days_28d",
    "t38"."days_56d",
    "t38"."days_84d",
    "t38"."days_all",
    "t38"."offers_received",
    "t38"."offers_answered",
    "t38"."offers_used",
    "t38"."days_since_order",
    "t38"."tenure_days",
    "t38"."days_since_coupon",
    "t38"."days_since_answer",
    "t38"."days_since_call",
    "t38"."days_since_visit",
    "t38"."days_since_login",
    "t38"."days_since_renewal",
    "t38"."last_gap",
    "t38"."last_ticket",
    "t38"."gap_max",
    "t38"."gaps",
    "t38"."gap_sum",
    "t38"."gap_squares",
    "t38"."tickets",
    "t38"."ticket_sum",
    "t38"."ticket_squares",
    "t38"."products_84d_0",
    "t38"."products_84d_1",
    "t38"."categories_28d_0",
    "t38"."categories_28d_1",
    "t38"."categories_84d_0",
    "t38"."categories_84d_1",
    COALESCE("t38"."discount_28d" / NULLIF("t38"."discount_28d" + "t38"."paid_28d", 0), 0.0) AS "discount_share_28d",
    COALESCE("t38"."discount_84d" / NULLIF("t38"."discount_84d" + "t38"."paid_84d", 0), 0.0) AS "discount_share_84d",
    COALESCE("t38"."discount_all" / NULLIF("t38"."discount_all" + "t38"."paid_all", 0), 0.0) AS "discount_share_all",
    COALESCE(
      CASE
        WHEN "t38"."at_on" = MAKE_DATE(2026, 10, 24)
        THEN "t38"."products_84d_0"
        WHEN "t38"."at_on" = MAKE_DATE(2026, 11, 21)
        THEN "t38"."products_84d_1"
        ELSE NULL
      END,
      0
    ) AS "products_84d",
    COALESCE(
      CASE
        WHEN "t38"."at_on" = MAKE_DATE(2026, 10, 24)
        THEN "t38"."categories_28d_0"
        WHEN "t38"."at_on" = MAKE_DATE(2026, 11, 21)
        THEN "t38"."categories_28d_1"
        ELSE NULL
      END,
      0
    ) AS "categories_28d",
    COALESCE(
      CASE
        WHEN "t38"."at_on" = MAKE_DATE(2026, 10, 24)
        THEN "t38"."categories_84d_0"
        WHEN "t38"."at_on" = MAKE_DATE(2026, 11, 21)
        THEN "t38"."categories_84d_1"
        ELSE NULL
      END,
      0
    ) AS "categories_84d",
    "t38"."gap_sum" / NULLIF("t38"."gaps", 0) AS "gap_mean",
    SQRT(
      GREATEST(
        (
          "t38"."gaps" * "t38"."gap_squares"
        ) - (
          "t38"."gap_sum" * "t38"."gap_sum"
        ),
        0.0
      ) / NULLIF("t38"."gaps" * (
        "t38"."gaps" - 1
      ), 0)
    ) AS "gap_std",
    SQRT(
      GREATEST(
        (
          "t38"."tickets" * "t38"."ticket_squares"
        ) - (
          "t38"."ticket_sum" * "t38"."ticket_sum"
        ),
        0.0
      ) / NULLIF("t38"."tickets" * (
        "t38"."tickets" - 1
      ), 0)
    ) AS "ticket_std",
    "t38"."customer_id" IN (
      SELECT DISTINCT
        "t0"."customer_id"
      FROM "attributes" AS "t0"
    ) AS "has_attributes"
  FROM (
    SELECT
      "t37".*
      EXCLUDE ("customer_id_right")
    FROM (
      SELECT
        "t31"."customer_id",
        "t31"."at_on",
        "t31"."orders_7d",
        "t31"."orders_14d",
        "t31"."orders_28d",
        "t31"."orders_56d",
        "t31"."orders_84d",
        "t31"."orders_all",
        "t31"."spend_7d",
        "t31"."spend_14d",
        "t31"."spend_28d",
        "t31"."spend_56d",
        "t31"."spend_84d",
        "t31"."spend_all",
        "t31"."lines_7d",
        "t31"."lines_14d",
        "t31"."lines_28d",
        "t31"."lines_56d",
        "t31"."lines_84d",
        "t31"."lines_all",
        "t31"."paid_28d",
        "t31"."paid_84d",
        "t31"."paid_all",
        "t31"."discount_28d",
        "t31"."discount_84d",
        "t31"."discount_all",
        "t31"."coupon_orders_28d",
        "t31"."coupon_orders_84d",
        "t31"."coupon_orders_all",
        "t31"."coupon_lines_84d",
        "t31"."coupon_lines_all",
        "t31"."calls_84d",
        "t31"."calls_all",
        "t31"."calls_yes_all",
        "t31"."calls_no_all",
        "t31"."visits_28d",
        "t31"."visits_84d",
        "t31"."logins_28d",
        "t31"."logins_84d",
        "t31"."days_28d",
        "t31"."days_56d",
        "t31"."days_84d",
        "t31"."days_all",
        "t31"."offers_received",
        "t31"."offers_answered",
        "t31"."offers_used",
        "t31"."days_since_order",
        "t31"."tenure_days",
        "t31"."days_since_coupon",
        "t31"."days_since_answer",
        "t31"."days_since_call",
        "t31"."days_since_visit",
        "t31"."days_since_login",
        "t31"."days_since_renewal",
        "t31"."last_gap",
        "t31"."last_ticket",
        "t31"."gap_max",
        "t31"."gaps",
        "t31"."gap_sum",
        "t31"."gap_squares",
        "t31"."tickets",
        "t31"."ticket_sum",
        "t31"."ticket_squares",
        "t36"."customer_id" AS "customer_id_right",
        "t36"."products_84d_0",
        "t36"."products_84d_1",
        "t36"."categories_28d_0",
        "t36"."categories_28d_1",
        "t36"."categories_84d_0",
        "t36"."categories_84d_1"
      FROM (
        SELECT
          "t25"."customer_id",
          "t25"."at_on",
          COALESCE(SUM(CASE WHEN "t25"."age" <= 7 THEN "t25"."orders" ELSE 0.0 END), 0.0) AS "orders_7d",
          COALESCE(SUM(CASE WHEN "t25"."age" <= 14 THEN "t25"."orders" ELSE 0.0 END), 0.0) AS "orders_14d",
          COALESCE(SUM(CASE WHEN "t25"."age" <= 28 THEN "t25"."orders" ELSE 0.0 END), 0.0) AS "orders_28d",
          COALESCE(SUM(CASE WHEN "t25"."age" <= 56 THEN "t25"."orders" ELSE 0.0 END), 0.0) AS "orders_56d",
          COALESCE(SUM(CASE WHEN "t25"."age" <= 84 THEN "t25"."orders" ELSE 0.0 END), 0.0) AS "orders_84d",
          COALESCE(SUM("t25"."orders"), 0.0) AS "orders_all",
          COALESCE(SUM(CASE WHEN "t25"."age" <= 7 THEN "t25"."spend" ELSE 0.0 END), 0.0) AS "spend_7d",
          COALESCE(SUM(CASE WHEN "t25"."age" <= 14 THEN "t25"."spend" ELSE 0.0 END), 0.0) AS "spend_14d",
          COALESCE(SUM(CASE WHEN "t25"."age" <= 28 THEN "t25"."spend" ELSE 0.0 END), 0.0) AS "spend_28d",
          COALESCE(SUM(CASE WHEN "t25"."age" <= 56 THEN "t25"."spend" ELSE 0.0 END), 0.0) AS "spend_56d",
          COALESCE(SUM(CASE WHEN "t25"."age" <= 84 THEN "t25"."spend" ELSE 0.0 END), 0.0) AS "spend_84d",
          COALESCE(SUM("t25"."spend"), 0.0) AS "spend_all",
          COALESCE(SUM(CASE WHEN "t25"."age" <= 7 THEN "t25"."lines" ELSE 0.0 END), 0.0) AS "lines_7d",
          COALESCE(SUM(CASE WHEN "t25"."age" <= 14 THEN "t25"."lines" ELSE 0.0 END), 0.0) AS "lines_14d",
          COALESCE(SUM(CASE WHEN "t25"."age" <= 28 THEN "t25"."lines" ELSE 0.0 END), 0.0) AS "lines_28d",
          COALESCE(SUM(CASE WHEN "t25"."age" <= 56 THEN "t25"."lines" ELSE 0.0 END), 0.0) AS "lines_56d",
          COALESCE(SUM(CASE WHEN "t25"."age" <= 84 THEN "t25"."lines" ELSE 0.0 END), 0.0) AS "lines_84d",
          COALESCE(SUM("t25"."lines"), 0.0) AS "lines_all",
          COALESCE(SUM(CASE WHEN "t25"."age" <= 28 THEN "t25"."paid" ELSE 0.0 END), 0.0) AS "paid_28d",
          COALESCE(SUM(CASE WHEN "t25"."age" <= 84 THEN "t25"."paid" ELSE 0.0 END), 0.0) AS "paid_84d",
          COALESCE(SUM("t25"."paid"), 0.0) AS "paid_all",
          COALESCE(SUM(CASE WHEN "t25"."age" <= 28 THEN "t25"."discount" ELSE 0.0 END), 0.0) AS "discount_28d",
          COALESCE(SUM(CASE WHEN "t25"."age" <= 84 THEN "t25"."discount" ELSE 0.0 END), 0.0) AS "discount_84d",
          COALESCE(SUM("t25"."discount"), 0.0) AS "discount_all",
          COALESCE(SUM(CASE WHEN "t25"."age" <= 28 THEN "t25"."coupon_orders" ELSE 0.0 END), 0.0) AS "coupon_orders_28d",
          COALESCE(SUM(CASE WHEN "t25"."age" <= 84 THEN "t25"."coupon_orders" ELSE 0.0 END), 0.0) AS "coupon_orders_84d",
          COALESCE(SUM("t25"."coupon_orders"), 0.0) AS "coupon_orders_all",
          COALESCE(SUM(CASE WHEN "t25"."age" <= 84 THEN "t25"."coupon_lines" ELSE 0.0 END), 0.0) AS "coupon_lines_84d",
          COALESCE(SUM("t25"."coupon_lines"), 0.0) AS "coupon_lines_all",
          COALESCE(SUM(CASE WHEN "t25"."age" <= 84 THEN "t25"."calls" ELSE 0.0 END), 0.0) AS "calls_84d",
          COALESCE(SUM("t25"."calls"), 0.0) AS "calls_all",
          COALESCE(SUM("t25"."calls_yes"), 0.0) AS "calls_yes_all",
          COALESCE(SUM("t25"."calls_no"), 0.0) AS "calls_no_all",
          COALESCE(SUM(CASE WHEN "t25"."age" <= 28 THEN "t25"."visits" ELSE 0.0 END), 0.0) AS "visits_28d",
          COALESCE(SUM(CASE WHEN "t25"."age" <= 84 THEN "t25"."visits" ELSE 0.0 END), 0.0) AS "visits_84d",
          COALESCE(SUM(CASE WHEN "t25"."age" <= 28 THEN "t25"."logins" ELSE 0.0 END), 0.0) AS "logins_28d",
          COALESCE(SUM(CASE WHEN "t25"."age" <= 84 THEN "t25"."logins" ELSE 0.0 END), 0.0) AS "logins_84d",
          COALESCE(SUM(CAST((
            "t25"."orders" > 0
          ) AND (
            "t25"."age" <= 28
          ) AS DOUBLE)), 0.0) AS "days_28d",
          COALESCE(SUM(CAST((
            "t25"."orders" > 0
          ) AND (
            "t25"."age" <= 56
          ) AS DOUBLE)), 0.0) AS "days_56d",
          COALESCE(SUM(CAST((
            "t25"."orders" > 0
          ) AND (
            "t25"."age" <= 84
          ) AS DOUBLE)), 0.0) AS "days_84d",
          COALESCE(SUM(CAST("t25"."orders" > 0 AS DOUBLE)), 0.0) AS "days_all",
          COALESCE(SUM("t25"."received"), 0.0) AS "offers_received",
          COALESCE(SUM("t25"."answered"), 0.0) AS "offers_answered",
          COALESCE(SUM("t25"."used"), 0.0) AS "offers_used",
          MIN(CASE WHEN "t25"."orders" > 0 THEN "t25"."age" ELSE NULL END) AS "days_since_order",
          MAX(CASE WHEN "t25"."orders" > 0 THEN "t25"."age" ELSE NULL END) AS "tenure_days",
          MIN(CASE WHEN "t25"."coupon_lines" > 0 THEN "t25"."age" ELSE NULL END) AS "days_since_coupon",
          MIN(CASE WHEN "t25"."used" > 0 THEN "t25"."age" ELSE NULL END) AS "days_since_answer",
          MIN(CASE WHEN "t25"."calls" > 0 THEN "t25"."age" ELSE NULL END) AS "days_since_call",
          MIN(CASE WHEN "t25"."visits" > 0 THEN "t25"."age" ELSE NULL END) AS "days_since_visit",
          MIN(CASE WHEN "t25"."logins" > 0 THEN "t25"."age" ELSE NULL END) AS "days_since_login",
          MIN(CASE WHEN "t25"."renewals" > 0 THEN "t25"."age" ELSE NULL END) AS "days_since_renewal",
          MAX(
            CASE
              WHEN (
                "t25"."orders" > 0
              )
              AND (
                (
                  "t25"."next_on" IS NULL
                ) OR (
                  "t25"."next_on" >= "t25"."at_on"
                )
              )
              THEN "t25"."gap"
              ELSE NULL
            END
          ) AS "last_gap",
          MAX(
            CASE
              WHEN (
                "t25"."orders" > 0
              )
              AND (
                (
                  "t25"."next_on" IS NULL
                ) OR (
                  "t25"."next_on" >= "t25"."at_on"
                )
              )
              THEN "t25"."spend"
              ELSE NULL
            END
          ) AS "last_ticket",
          MAX("t25"."gap") AS "gap_max",
          CAST(COUNT("t25"."gap") AS DOUBLE) AS "gaps",
          COALESCE(SUM("t25"."gap"), 0.0) AS "gap_sum",
          COALESCE(SUM("t25"."gap" * "t25"."gap"), 0.0) AS "gap_squares",
          COALESCE(SUM(CAST("t25"."orders" > 0 AS DOUBLE)), 0.0) AS "tickets",
          COALESCE(SUM(CASE WHEN "t25"."orders" > 0 THEN "t25"."spend" ELSE 0.0 END), 0.0) AS "ticket_sum",
          COALESCE(
            SUM(CASE WHEN "t25"."orders" > 0 THEN "t25"."spend" * "t25"."spend" ELSE 0.0 END),
            0.0
          ) AS "ticket_squares"
        FROM (
          SELECT
            "t23"."customer_id",
            "t23"."on",
            "t23"."orders",
            "t23"."spend",
            "t23"."lines",
            "t23"."paid",
            "t23"."discount",
            "t23"."coupon_orders",
            "t23"."coupon_lines",
            "t23"."received",
            "t23"."answered",
            "t23"."used",
            "t23"."calls",
            "t23"."calls_yes",
            "t23"."calls_no",
            "t23"."visits",
            "t23"."logins",
            "t23"."renewals",
            "t23"."gap",
            "t23"."next_on",
            "t23"."at_on",
            DATE_DIFF('DAY', "t23"."on", "t23"."at_on") AS "age"
          FROM (
            SELECT
              "t21"."customer_id",
              "t21"."on",
              "t21"."orders",
              "t21"."spend",
              "t21"."lines",
              "t21"."paid",
              "t21"."discount",
              "t21"."coupon_orders",
              "t21"."coupon_lines",
              "t21"."received",
              "t21"."answered",
              "t21"."used",
              "t21"."calls",
              "t21"."calls_yes",
              "t21"."calls_no",
              "t21"."visits",
              "t21"."logins",
              "t21"."renewals",
              "t21"."gap",
              "t21"."next_on",
              "t19"."at_on"
            FROM (
              SELECT
                *
              FROM (
                SELECT
                  *
                FROM (
                  SELECT
                    "t1"."customer_id",
                    "t1"."on",
                    "t1"."orders",
                    "t1"."spend",
                    "t1"."lines",
                    "t1"."paid",
                    "t1"."discount",
                    "t1"."coupon_orders",
                    "t1"."coupon_lines",
                    CAST(0 AS DOUBLE) AS "received",
                    CAST(0 AS DOUBLE) AS "answered",
                    CAST(0 AS DOUBLE) AS "used",
                    CAST(0 AS DOUBLE) AS "calls",
                    CAST(0 AS DOUBLE) AS "calls_yes",
                    CAST(0 AS DOUBLE) AS "calls_no",
                    CAST(0 AS DOUBLE) AS "visits",
                    CAST(0 AS DOUBLE) AS "logins",
                    CAST(0 AS DOUBLE) AS "renewals",
                    "t1"."gap",
                    "t1"."next_on"
                  FROM "days" AS "t1"
                ) AS "t11"
                UNION ALL
                SELECT
                  *
                FROM (
                  SELECT
                    "t2"."customer_id",
                    "t2"."on",
                    CAST(0 AS DOUBLE) AS "orders",
                    CAST(0 AS DOUBLE) AS "spend",
                    CAST(0 AS DOUBLE) AS "lines",
                    CAST(0 AS DOUBLE) AS "paid",
                    CAST(0 AS DOUBLE) AS "discount",
                    CAST(0 AS DOUBLE) AS "coupon_orders",
                    CAST(0 AS DOUBLE) AS "coupon_lines",
                    "t2"."received",
                    "t2"."answered",
                    "t2"."used",
                    "t2"."calls",
                    "t2"."calls_yes",
                    "t2"."calls_no",
                    CAST(0 AS DOUBLE) AS "visits",
                    CAST(0 AS DOUBLE) AS "logins",
                    CAST(0 AS DOUBLE) AS "renewals",
                    CAST(NULL AS DOUBLE) AS "gap",
                    CAST(NULL AS DATE) AS "next_on"
                  FROM "contacts" AS "t2"
                ) AS "t12"
              ) AS "t16"
              UNION ALL
              SELECT
                *
              FROM (
                SELECT
                  *
                FROM (
                  SELECT
                    "t3"."customer_id",
                    "t3"."on",
                    CAST(0 AS DOUBLE) AS "orders",
                    CAST(0 AS DOUBLE) AS "spend",
                    CAST(0 AS DOUBLE) AS "lines",
                    CAST(0 AS DOUBLE) AS "paid",
                    CAST(0 AS DOUBLE) AS "discount",
                    CAST(0 AS DOUBLE) AS "coupon_orders",
                    CAST(0 AS DOUBLE) AS "coupon_lines",
                    CAST(0 AS DOUBLE) AS "received",
                    CAST(0 AS DOUBLE) AS "answered",
                    CAST(0 AS DOUBLE) AS "used",
                    CAST(0 AS DOUBLE) AS "calls",
                    CAST(0 AS DOUBLE) AS "calls_yes",
                    CAST(0 AS DOUBLE) AS "calls_no",
                    CAST(1 AS DOUBLE) AS "visits",
                    "t3"."logins",
                    "t3"."renewals",
                    CAST(NULL AS DOUBLE) AS "gap",
                    CAST(NULL AS DATE) AS "next_on"
                  FROM "visits" AS "t3"
                ) AS "t13"
                UNION ALL
                SELECT
                  *
                FROM (
                  SELECT
                    "t4"."customer_id",
                    "t4"."since_on" AS "on",
                    CAST(0 AS DOUBLE) AS "orders",
                    CAST(0 AS DOUBLE) AS "spend",
                    CAST(0 AS DOUBLE) AS "lines",
                    CAST(0 AS DOUBLE) AS "paid",
                    CAST(0 AS DOUBLE) AS "discount",
                    CAST(0 AS DOUBLE) AS "coupon_orders",
                    CAST(0 AS DOUBLE) AS "coupon_lines",
                    CAST(0 AS DOUBLE) AS "received",
                    CAST(0 AS DOUBLE) AS "answered",
                    CAST(0 AS DOUBLE) AS "used",
                    CAST(0 AS DOUBLE) AS "calls",
                    CAST(0 AS DOUBLE) AS "calls_yes",
                    CAST(0 AS DOUBLE) AS "calls_no",
                    CAST(0 AS DOUBLE) AS "visits",
                    CAST(0 AS DOUBLE) AS "logins",
                    CAST(0 AS DOUBLE) AS "renewals",
                    CAST(NULL AS DOUBLE) AS "gap",
                    CAST(NULL AS DATE) AS "next_on"
                  FROM "customers" AS "t4"
                ) AS "t14"
              ) AS "t17"
            ) AS "t21"
            CROSS JOIN (
              SELECT
                UNNEST(CAST([MAKE_DATE(2026, 10, 24), MAKE_DATE(2026, 11, 21)] AS DATE[])) AS "at_on"
            ) AS "t19"
          ) AS "t23"
          WHERE
            "t23"."on" < "t23"."at_on"
        ) AS "t25"
        GROUP BY
          1,
          2
      ) AS "t31"
      LEFT OUTER JOIN (
        SELECT
          "t34".*
          EXCLUDE ("customer_id_right")
        FROM (
          SELECT
            "t33"."customer_id",
            "t33"."products_84d_0",
            "t33"."products_84d_1",
            "t29"."customer_id" AS "customer_id_right",
            "t29"."categories_28d_0",
            "t29"."categories_28d_1",
            "t29"."categories_84d_0",
            "t29"."categories_84d_1"
          FROM (
            SELECT
              "t28"."customer_id",
              COUNT(*) FILTER(WHERE
                (
                  "t28"."products_84d" & 1
                ) <> 0) AS "products_84d_0",
              COUNT(*) FILTER(WHERE
                (
                  "t28"."products_84d" & 2
                ) <> 0) AS "products_84d_1"
            FROM (
              SELECT
                "t24"."customer_id",
                "t24"."product_id",
                BIT_OR(
                  CASE
                    WHEN (
                      "t24"."on" < MAKE_DATE(2026, 10, 24)
                    )
                    AND (
                      "t24"."on" >= MAKE_DATE(2026, 8, 1)
                    )
                    THEN 1
                    ELSE 0
                  END + CASE
                    WHEN (
                      "t24"."on" < MAKE_DATE(2026, 11, 21)
                    )
                    AND (
                      "t24"."on" >= MAKE_DATE(2026, 8, 29)
                    )
                    THEN 2
                    ELSE 0
                  END
                ) AS "products_84d"
              FROM (
                SELECT
                  "t22"."customer_id",
                  "t22"."source",
                  "t22"."line_id",
                  "t22"."order_id",
                  "t22"."product_id",
                  "t22"."quantity",
                  "t22"."amount",
                  "t22"."discount",
                  "t22"."coupon",
                  "t22"."currency",
                  "t22"."store_id",
                  "t22"."ordered_at",
                  "t22"."ordered_on" AS "on",
                  "t22"."batch_id",
                  "t22"."source_row"
                FROM (
                  SELECT
                    COALESCE("t9"."customer_id", "t8"."record_id") AS "customer_id",
                    "t8"."source",
                    "t8"."line_id",
                    "t8"."order_id",
                    "t8"."product_id",
                    "t8"."quantity",
                    "t8"."amount",
                    "t8"."discount",
                    "t8"."coupon",
                    "t8"."currency",
                    "t8"."store_id",
                    "t8"."ordered_at",
                    "t8"."ordered_on",
                    "t8"."batch_id",
                    "t8"."source_row"
                  FROM "order_line" AS "t8"
                  LEFT OUTER JOIN "identity" AS "t9"
                    ON "t8"."record_id" = "t9"."record_id"
                ) AS "t22"
                WHERE
                  "t22"."currency" = 'CNY'
                  AND "t22"."amount" > 0
                  AND "t22"."ordered_on" >= MAKE_DATE(2026, 8, 1)
                  AND "t22"."ordered_on" < MAKE_DATE(2026, 11, 21)
              ) AS "t24"
              GROUP BY
                1,
                2
            ) AS "t28"
            GROUP BY
              1
          ) AS "t33"
          LEFT OUTER JOIN (
            SELECT
              "t26"."customer_id",
              COUNT(*) FILTER(WHERE
                (
                  "t26"."categories_28d" & 1
                ) <> 0) AS "categories_28d_0",
              COUNT(*) FILTER(WHERE
                (
                  "t26"."categories_28d" & 2
                ) <> 0) AS "categories_28d_1",
              COUNT(*) FILTER(WHERE
                (
                  "t26"."categories_84d" & 1
                ) <> 0) AS "categories_84d_0",
              COUNT(*) FILTER(WHERE
                (
                  "t26"."categories_84d" & 2
                ) <> 0) AS "categories_84d_1"
            FROM (
              SELECT
                "t18"."customer_id",
                "t18"."category",
                BIT_OR(
                  CASE
                    WHEN (
                      "t18"."on" < MAKE_DATE(2026, 10, 24)
                    )
                    AND (
                      "t18"."on" >= MAKE_DATE(2026, 9, 26)
                    )
                    THEN 1
                    ELSE 0
                  END + CASE
                    WHEN (
                      "t18"."on" < MAKE_DATE(2026, 11, 21)
                    )
                    AND (
                      "t18"."on" >= MAKE_DATE(2026, 10, 24)
                    )
                    THEN 2
                    ELSE 0
                  END
                ) AS "categories_28d",
                BIT_OR(
                  CASE
                    WHEN (
                      "t18"."on" < MAKE_DATE(2026, 10, 24)
                    )
                    AND (
                      "t18"."on" >= MAKE_DATE(2026, 8, 1)
                    )
                    THEN 1
                    ELSE 0
                  END + CASE
                    WHEN (
                      "t18"."on" < MAKE_DATE(2026, 11, 21)
                    )
                    AND (
                      "t18"."on" >= MAKE_DATE(2026, 8, 29)
                    )
                    THEN 2
                    ELSE 0
                  END
                ) AS "categories_84d"
              FROM (
                SELECT
                  *
                FROM "category_days" AS "t5"
                WHERE
                  "t5"."on" >= MAKE_DATE(2026, 8, 1) AND "t5"."on" < MAKE_DATE(2026, 11, 21)
              ) AS "t18"
              GROUP BY
                1,
                2
            ) AS "t26"
            GROUP BY
              1
          ) AS "t29"
            ON "t33"."customer_id" = "t29"."customer_id"
        ) AS "t34"
      ) AS "t36"
        ON "t31"."customer_id" = "t36"."customer_id"
    ) AS "t37"
  ) AS "t38"
) AS "t39"
