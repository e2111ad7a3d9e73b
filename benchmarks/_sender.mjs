// @segment/analytics-node as its users call it: _sender.mjs FOLDER URL KEY EVENTS SECONDS
import { createRequire } from 'node:module';

const [folder, host, writeKey, count, seconds] = process.argv.slice(2);
const { Analytics } = createRequire(`${folder}/`)('@segment/analytics-node');
const client = new Analytics({ writeKey, host, maxRetries: 50, maxEventsInBatch: 100 });
// Each call is told whether its event arrived; what is told neither until the end was given up in silence, and counts as lost too.
let arrived = 0;
const told = problem => { if (!problem) arrived++ };
const started = Date.now(), size = Math.max(1, Math.floor(count / 100));
for (let number = 0; number < count; number++) {
  if (number % size === 0) {
    const early = seconds * 1000 * number / count - (Date.now() - started);
    await new Promise(done => setTimeout(done, Math.max(0, early)));
  }
  const order = number % 10 === 0;
  client.track({
    userId: `node-c${number % 50}`, event: order ? 'Order Completed' : 'Product Viewed',
    properties: order ? { order_id: `E${number}`, revenue: 9.9 } : { product_id: `P${number % 7}`, n: number }
  }, told);
}
await client.closeAndFlush({ timeout: 600000 });
console.log(JSON.stringify({ lost: count - arrived }));
