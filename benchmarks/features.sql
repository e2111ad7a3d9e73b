-- What a careful analyst would write by hand for `profile` and `profile_at`: the peer of benchmarks/features.py.
-- {today}: the day asked about; {days}: list of days; {mask_84}, {mask_28}: bit k is set when "on" lies in the window of day k;
-- {lately}: "on" may lie in one of them.

create or replace temp table h_lines as
select coalesce(i.customer_id, l.record_id) as customer_id, l.source, l.order_id, l.product_id, l.ordered_on as "on", l.amount, l.discount, l.coupon
from order_line l left join identity i using (record_id)
where l.currency = '{currency}';

create or replace temp table h_days as
with orders as (
  select customer_id, source, order_id, "on", sum(amount::double) as spend,
    count(*) filter (where amount > 0) as lines,
    coalesce(sum(amount::double) filter (where amount > 0), 0) as paid,
    coalesce(sum(discount::double) filter (where amount > 0), 0) as discount,
    count(*) filter (where amount > 0 and coupon > 0) as coupon_lines
  from h_lines group by all
), days as (
  select customer_id, "on", (count(*) filter (where spend > 0))::double as orders, sum(spend) as spend, sum(lines)::double as lines,
    sum(paid) as paid, sum(discount) as discount, sum(coupon_lines)::double as coupon_lines,
    (count(*) filter (where spend > 0 and coupon_lines > 0))::double as coupon_orders
  from orders group by all
)
select *, case when orders > 0 then ("on" - max("on") filter (where orders > 0)
  over (partition by customer_id order by "on" rows between unbounded preceding and 1 preceding))::double end as gap
from days;

create or replace temp table h_category_days as
select customer_id, category, "on", sum(amount::double) as spend
from h_lines join product using (product_id)
where amount > 0 and category <> '' group by all;

create or replace temp table h_touches as
select customer_id, campaign_id, min("on") as "on" from (
  select coalesce(i.customer_id, t.record_id) as customer_id, t.campaign_id, coalesce(t.touched_on, c.starts_on) as "on"
  from touch t left join identity i using (record_id) left join campaign c using (campaign_id)
  where not coalesce(t.holdout, false) and t.campaign_id <> ''
) group by all;

create or replace temp table h_answers as
select coalesce(i.customer_id, o.record_id) as customer_id, o.campaign_id, o.happened_on
from outcome o left join identity i using (record_id) where o.kind in ('redeemed', 'bought', 'answered');

create or replace temp table h_attributes as
select customer_id, '{{' || string_agg(text, ', ' order by text) || '}}' as attributes from (
  select coalesce(i.customer_id, a.record_id) as customer_id,
    '"' || replace(replace(a.name, '\', '\\'), '"', '\"') || '": {{"value": "' || replace(replace(a.value, '\', '\\'), '"', '\"')
      || '", "source": "' || replace(replace(r.source, '\', '\\'), '"', '\"') || '"}}' as text
  from attribute a left join record r using (record_id) left join identity i using (record_id)
  qualify row_number() over (partition by customer_id, a.name order by r.since_on is null, r.since_on desc, a.record_id) = 1
) group by all;

create or replace temp table h_customer as
select customer_id, min(since_on) as since_on
from (select coalesce(i.customer_id, r.record_id) as customer_id, r.since_on from record r left join identity i using (record_id)) group by all;

create or replace table hand_profile as
with own as (
  select customer_id, min("on") filter (where orders > 0) as first_order_on, max("on") filter (where orders > 0) as last_order_on,
    sum(orders) as orders, sum(spend) as spend, count(gap) as gaps, coalesce(sum(gap), 0) as gap_sum, coalesce(sum(gap * gap), 0) as gap_squares
  from h_days where "on" < date '{today}' group by all having sum(orders) > 0
), usual as (
  select *, (gap_sum + 2 * typical) / (gaps + 2) as mean, (gap_squares + 4 * typical * typical) / (gaps + 2) as square
  from own, (select coalesce(median(gap_sum / nullif(gaps, 0)), 28) as typical from own)
), limits as (
  select *, least(greatest(ceil(mean + 2 * sqrt(greatest(square - mean * mean, 0))), 7), 180)::bigint as quiet_after from usual
), returned as (
  select d.customer_id, max(d."on") as returned_on from h_days d join limits l using (customer_id)
  where d."on" < date '{today}' and d.gap > l.quiet_after group by all
), silent as (
  select l.*, r.returned_on, greatest(2 * quiet_after, 84) as lost_after, date '{today}' - last_order_on as days_since_order
  from limits l left join returned r using (customer_id)
), staged as (
  select *,
    case when days_since_order > lost_after then 'lost' when days_since_order > quiet_after then 'quiet'
      when date '{today}' - first_order_on < 28 then 'new' else 'active' end as stage,
    case when days_since_order > lost_after then last_order_on + (lost_after + 1)::int
      when days_since_order > quiet_after then last_order_on + (quiet_after + 1)::int
      when date '{today}' - first_order_on < 28 then first_order_on
      else greatest(first_order_on + 28, coalesce(returned_on, first_order_on + 28)) end as stage_since_on,
    (rank() over (order by -days_since_order) - 1) * 5 // count(*) over () + 1 as recency_score,
    (rank() over (order by orders) - 1) * 5 // count(*) over () + 1 as frequency_score,
    (rank() over (order by spend) - 1) * 5 // count(*) over () + 1 as monetary_score
  from silent
), tastes as (
  select customer_id, category, count(*) as days, sum(spend) as spend, max("on") as last_on
  from h_category_days where "on" < date '{today}' group by all
), top as (
  select customer_id, '{{"category": "' || replace(replace(category, '\', '\\'), '"', '\"') || '", "days": ' || days || ', "spend": ' || spend::bigint
      || ', "last_on": "' || last_on || '"}}' as text,
    row_number() over (partition by customer_id order by days desc, spend desc, category) as place
  from tastes qualify place <= 3
), liked as (
  select customer_id, '[' || string_agg(text, ', ' order by place) || ']' as interests from top group by all
)
select c.customer_id, date '{today}' as at_on, coalesce(s.stage, 'lead') as stage, coalesce(s.stage_since_on, c.since_on) as stage_since_on,
  s.first_order_on, s.last_order_on, coalesce(s.orders, 0)::bigint as orders, coalesce(s.spend, 0)::bigint as spend, '{currency}' as currency,
  s.days_since_order, s.recency_score, s.frequency_score, s.monetary_score,
  case when s.stage is null then 'lead' when s.stage in ('new', 'active') then
      case when frequency_score >= 4 and monetary_score >= 4 then 'champion' when frequency_score >= 3 then 'loyal' else 'promising' end
    when s.stage = 'quiet' then 'slipping' else 'asleep' end as tier,
  coalesce(l.interests, '[]') as interests, coalesce(a.attributes, '{{}}') as attributes
from h_customer c left join staged s using (customer_id) left join liked l using (customer_id) left join h_attributes a using (customer_id)
where s.last_order_on is not null or coalesce(c.since_on, date '0001-01-01') < date '{today}';

create or replace table hand_profile_at as
with daily as (
  select customer_id, "on", orders, spend, lines, paid, discount, coupon_orders, coupon_lines, gap, 0::double as received, 0::double as answered, 0::double as used, 0::double as visits, 0::double as logins, 0::double as renewals from h_days
  union all select customer_id, "on", null, null, null, null, null, null, null, null, 1, 0, 0, 0, 0, 0 from h_touches
  union all select customer_id, greatest(t."on", min(a.happened_on)), null, null, null, null, null, null, null, null, 0, 1, 0, 0, 0, 0
    from h_touches t join h_answers a using (customer_id, campaign_id) group by customer_id, campaign_id, t."on"
  union all select customer_id, happened_on, null, null, null, null, null, null, null, null, 0, 0, 1, 0, 0, 0 from h_answers
  union all select coalesce(i.customer_id, e.record_id), e.happened_on, null, null, null, null, null, null, null, null, 0, 0, 0, 1,
    count(*) filter (where lower(name) in {logins}), count(*) filter (where lower(name) in {renewals})
    from event e left join identity i using (record_id) group by 1, 2
  union all select customer_id, since_on, null, null, null, null, null, null, null, null, 0, 0, 0, 0, 0, 0 from h_customer
), seen as (
  select *, at_on - "on" as age from daily, (select unnest({days}) as at_on) where "on" < at_on
), counted as (
  select customer_id, at_on,
    {windows},
    count(*) filter (where orders > 0 and age <= 28) as days_28d, count(*) filter (where orders > 0 and age <= 56) as days_56d,
    count(*) filter (where orders > 0 and age <= 84) as days_84d, count(*) filter (where orders > 0) as days_all,
    coalesce(sum(paid) filter (where age <= 28), 0) as paid_28d, coalesce(sum(paid) filter (where age <= 84), 0) as paid_84d, coalesce(sum(paid), 0) as paid_all,
    coalesce(sum(discount) filter (where age <= 28), 0) as discount_28d, coalesce(sum(discount) filter (where age <= 84), 0) as discount_84d, coalesce(sum(discount), 0) as discount_all,
    coalesce(sum(coupon_orders) filter (where age <= 28), 0)::bigint as coupon_orders_28d, coalesce(sum(coupon_orders) filter (where age <= 84), 0)::bigint as coupon_orders_84d, coalesce(sum(coupon_orders), 0)::bigint as coupon_orders_all,
    coalesce(sum(coupon_lines) filter (where age <= 84), 0)::bigint as coupon_lines_84d, coalesce(sum(coupon_lines), 0)::bigint as coupon_lines_all,
    min(age) filter (where orders > 0) as days_since_order, max(age) filter (where orders > 0) as tenure_days,
    min(age) filter (where coupon_lines > 0) as days_since_coupon, min(age) filter (where used > 0) as days_since_answer,
    min(age) filter (where visits > 0) as days_since_visit,
    min(age) filter (where logins > 0) as days_since_login, min(age) filter (where renewals > 0) as days_since_renewal,
    arg_max(gap, "on") filter (where gap is not null) as last_gap, arg_max(spend, "on") filter (where orders > 0) as last_ticket, max(gap) as gap_max,
    count(gap)::double as gaps, sum(gap) as gap_sum, sum(gap * gap) as gap_squares,
    (count(*) filter (where orders > 0))::double as tickets, sum(spend) filter (where orders > 0) as ticket_sum, sum(spend * spend) filter (where orders > 0) as ticket_squares,
    sum(received)::bigint as offers_received, sum(answered)::bigint as offers_answered, sum(used)::bigint as offers_used,
    (count(*) filter (where visits > 0 and age <= 28)) as visits_28d, (count(*) filter (where visits > 0 and age <= 84)) as visits_84d,
    coalesce(sum(logins) filter (where age <= 28), 0)::bigint as logins_28d, coalesce(sum(logins) filter (where age <= 84), 0)::bigint as logins_84d
  from seen group by all
), products as (
  select customer_id, {products_84d} from (select customer_id, product_id, bit_or({mask_84}) as m from h_lines where amount > 0 and {lately} group by all) group by all
), categories as (
  select customer_id, {categories_28d}, {categories_84d}
  from (select customer_id, category, bit_or({mask_28}) as m28, bit_or({mask_84}) as m84 from h_category_days where {lately} group by all) group by all
)
select c.customer_id, at_on, {windowed}, days_28d, days_56d, days_84d, days_all, days_since_order, tenure_days,
  gap_sum / nullif(gaps, 0) as gap_mean, sqrt(greatest(gaps * gap_squares - gap_sum * gap_sum, 0) / nullif(gaps * (gaps - 1), 0)) as gap_std,
  gap_max::bigint as gap_max, last_gap::bigint as last_gap,
  sqrt(greatest(tickets * ticket_squares - ticket_sum * ticket_sum, 0) / nullif(tickets * (tickets - 1), 0)) as ticket_std, last_ticket::bigint as last_ticket,
  coalesce({pick_products_84d}, 0) as products_84d, coalesce({pick_categories_28d}, 0) as categories_28d, coalesce({pick_categories_84d}, 0) as categories_84d,
  coalesce(discount_28d / nullif(discount_28d + paid_28d, 0), 0) as discount_share_28d, coalesce(discount_84d / nullif(discount_84d + paid_84d, 0), 0) as discount_share_84d,
  coalesce(discount_all / nullif(discount_all + paid_all, 0), 0) as discount_share_all,
  coupon_orders_28d, coupon_orders_84d, coupon_orders_all, coupon_lines_84d, coupon_lines_all, days_since_coupon,
  offers_received, offers_answered, offers_used, days_since_answer, visits_28d, visits_84d, days_since_visit, logins_28d, logins_84d, days_since_login, days_since_renewal,
  (c.customer_id in (select customer_id from h_attributes))::bigint as has_attributes
from counted c left join products using (customer_id) left join categories using (customer_id);
