// Prints the events of the sales service, each once, in the order of its subject; amqplib and nothing else.
//
//   TRATO_EVENTS_URL=amqp://billing:…@host:5672/trato node subscriber.js handled.txt
//
// The queue is ours and durable: what is told while this program is away waits in it. What cannot be handled is tried a
// few times and then put aside in <name>.subscription-parked, with its error: see `trato-events parked`.
"use strict";

const amqp = require("amqplib");
const { handledEvents } = require("./handled.js");

const url = process.env.TRATO_EVENTS_URL;
const name = process.env.TRATO_EVENTS_NAME || decodeURIComponent(new URL(url).username);
const pattern = process.env.TRATO_EVENTS_PATTERN || "crm.sales.*.*"; // crm.<service>.<topic>.v<version>
const queue = `${name}.subscription`;
const parked = `${name}.subscription-parked`;
const delays = [1000, 5000, 30000];
const handled = handledEvents(process.argv[2] || "handled.txt");

let connection = null;
let current = null; // the channel of now: what came by an older one comes again
let stopping = false;
let inHand = Promise.resolve();

async function handle(event) {
  // Here is your own work. Throw to have it tried again.
  console.log(JSON.stringify({ type: event.type, subject: event.subject, sequence: event.sequence, data: event.data }));
}

async function declare(channel) {
  // Everything of ours is called <name>.…: these credentials may do nothing else.
  await channel.assertExchange(queue, "direct", { durable: true });
  await channel.assertQueue(parked, { durable: true, arguments: { "x-queue-type": "quorum", "x-delivery-limit": 1e9 } });
  await channel.assertQueue(queue, {
    durable: true,
    arguments: {
      "x-queue-type": "quorum",
      "x-single-active-consumer": true,
      "x-delivery-limit": 50,
      "x-dead-letter-exchange": queue,
      "x-dead-letter-routing-key": parked,
      "x-dead-letter-strategy": "at-least-once",
      "x-overflow": "reject-publish",
    },
  });
  await channel.bindQueue(queue, queue, queue);
  await channel.bindQueue(parked, queue, parked);
  await channel.bindQueue(queue, "crm.events", pattern);
}

function read(message) {
  try {
    return JSON.parse(message.content);
  } catch {
    return null;
  }
}

async function take(channel, message) {
  const event = read(message);
  if (event === null) return park(channel, message, new Error("this is no event"), 1);
  for (let attempt = 0; !handled.has(event.id); attempt += 1) {
    if (stopping && attempt > 0) return; // not acknowledged: it comes again to the next program
    try {
      await handle(event);
      handled.add(event.id);
    } catch (error) {
      if (attempt >= delays.length) return park(channel, message, error, attempt + 1);
      console.error(`${event.type} ${event.id} failed: ${error.message}`);
      await new Promise((resolve) => setTimeout(resolve, delays[attempt]));
    }
  }
  channel.ack(message);
}

async function park(channel, message, error, attempts) {
  const headers = { "x-trato-error": String(error), "x-trato-attempt": attempts, "x-trato-failed-at": new Date().toISOString() };
  channel.publish(queue, parked, message.content, { persistent: true, mandatory: true, messageId: message.properties.messageId, headers });
  await channel.waitForConfirms();
  channel.ack(message);
}

async function listen() {
  connection = await amqp.connect(url, { clientProperties: { connection_name: `${name} (node)` } });
  const closed = new Promise((resolve) => connection.on("close", resolve));
  connection.on("error", (error) => console.error(`connection: ${error.message}`));
  const channel = await connection.createConfirmChannel();
  channel.on("error", () => connection.close().catch(() => {}));
  await declare(channel);
  current = channel;
  await channel.prefetch(20);
  await channel.consume(queue, (message) => {
    if (message === null) return connection.close(); // the queue was taken away
    // One after the other keeps the order; your program may keep one chain per subject instead.
    inHand = inHand.then(() => (stopping || channel !== current ? undefined : take(channel, message))).catch((error) => {
      console.error(error);
      connection.close().catch(() => {});
    });
  });
  console.error("listening");
  await closed;
}

async function main() {
  for (let pause = 300; !stopping; pause = Math.min(pause * 2, 30000)) {
    try {
      await listen();
      pause = 300;
    } catch (error) {
      console.error(`the broker is away: ${error.message}`);
    }
    if (!stopping) await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

async function stop() {
  stopping = true;
  await inHand;
  await connection?.close().catch(() => {});
  process.exit(0);
}

process.on("SIGTERM", stop);
process.on("SIGINT", stop);
main();
