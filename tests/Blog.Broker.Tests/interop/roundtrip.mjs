// Reads COUNT records of TOPIC in GROUP from the beginning, commits, then sends as many back to REPLY from an idempotent producer.
// Prints one line of JSON: what was read, and the offsets that the group has committed.
import { Kafka, logLevel } from 'kafkajs';

const [broker, topic, reply, group, countText] = process.argv.slice(2);
const count = Number(countText);
const kafka = new Kafka({ clientId: 'interop', brokers: [broker], logLevel: logLevel.ERROR });

const admin = kafka.admin();
await admin.connect();
await admin.createTopics({ waitForLeaders: true, topics: [{ topic: reply, numPartitions: 2 }] });

const consumer = kafka.consumer({ groupId: group, maxWaitTimeInMs: 100 });
await consumer.connect();
await consumer.subscribe({ topics: [topic], fromBeginning: true });
const read = [];
await new Promise((resolve, reject) => {
  consumer.on(consumer.events.CRASH, (event) => reject(event.payload.error));
  consumer
    .run({
      eachMessage: async ({ partition, message }) => {
        read.push({ partition, key: message.key?.toString(), value: message.value?.toString(), trace: message.headers.trace?.toString() });
        if (read.length === count) resolve();
      },
    })
    .catch(reject);
});
await consumer.disconnect();

const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
await producer.connect();
await producer.send({
  topic: reply,
  acks: -1,
  messages: read.map((r, i) => ({ key: r.key, value: `re: ${r.value}`, partition: i % 2, headers: { trace: `js-${i}` } })),
});
await producer.disconnect();

const offsets = await admin.fetchOffsets({ groupId: group, topics: [topic] });
await admin.disconnect();
console.log(JSON.stringify({ read, committed: offsets[0].partitions.map((p) => Number(p.offset)) }));
