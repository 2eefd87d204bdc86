// Calls the server at the address given, one check after the other, and writes {name: null | error} as one line of JSON.
const assert = require('node:assert');
const grpc = require('@grpc/grpc-js');
const { Greeter } = require('./greeter');

const address = process.argv[2];
const client = new Greeter(address, grpc.credentials.createInsecure());
const compressing = new Greeter(address, grpc.credentials.createInsecure(), {
  'grpc.default_compression_algorithm': grpc.compressionAlgorithms.gzip,
});

/** Makes a unary call; resolves to its response, status and error. */
const unary = (on, method, request, metadata = new grpc.Metadata(), options = {}) =>
  new Promise((resolve) => {
    const result = {};
    const call = on[method](request, metadata, options, (error, response) => {
      Object.assign(result, { error, response });
      if (result.status) resolve(result);
    });
    call.on('status', (status) => {
      result.status = status;
      if ('response' in result || 'error' in result) resolve(result);
    });
  });

const cancelledCalls = async (atLeast = 0) => {
  const { response, error } = await unary(client, 'Look', { cancelledAtLeast: atLeast }, undefined, { deadline: Date.now() + 20000 });
  if (error) throw error;
  return response.cancelled;
};

const checks = {
  unary: async () => {
    const { response, status } = await unary(client, 'SayHello', { name: 'node' });
    assert.equal(response.message, 'Hello node');
    assert.equal(status.metadata.get('x-intercepted')[0], '/greeter.v1.Greeter/SayHello');
  },

  'server stream': () =>
    new Promise((resolve, reject) => {
      let sum = 0;
      let headers;
      const call = client.Count({ to: 1000 });
      call.on('metadata', (metadata) => (headers = metadata));
      call.on('data', (reply) => (sum += Number(reply.message)));
      call.on('error', reject);
      call.on('status', (status) => {
        try {
          assert.equal(sum, 500500);
          assert.equal(status.code, grpc.status.OK);
          assert.equal(headers.get('x-start')[0], 'now');
          assert.equal(status.metadata.get('x-count')[0], '1000');
          resolve();
        } catch (error) {
          reject(error);
        }
      });
    }),

  'client stream': () =>
    new Promise((resolve, reject) => {
      const call = client.Sum((error, response) => {
        if (error) return reject(error);
        return response.value === 500500 ? resolve() : reject(new Error(`${response.value}`));
      });
      for (let i = 1; i <= 1000; i++) call.write({ value: i });
      call.end();
    }),

  'duplex stream': () =>
    new Promise((resolve, reject) => {
      const call = client.Chat();
      let i = 0;
      call.on('data', (reply) => {
        if (reply.message !== `> m${i}`) reject(new Error(reply.message));
        else if (++i < 50) call.write({ name: `m${i}` });
        else call.end();
      });
      call.on('error', reject);
      call.on('end', () => (i === 50 ? resolve() : reject(new Error(`ended after ${i}`))));
      call.write({ name: 'm0' });
    }),

  'metadata, text and binary': async () => {
    const metadata = new grpc.Metadata();
    metadata.set('x-a', 'b');
    metadata.set('x-c-bin', Buffer.from([1, 255]));
    const { response } = await unary(client, 'Look', {}, metadata);
    assert.equal(response.metadata['x-a'], 'b');
    assert.equal(response.metadata['x-c-bin'], '01FF');
  },

  'status with trailers': async () => {
    const { error } = await unary(client, 'Fail', { name: 'x' });
    assert.equal(error.code, grpc.status.NOT_FOUND);
    assert.equal(error.details, "nothing called 'x' é%");
    assert.equal(error.metadata.get('x-reason')[0], 'no such');
    assert.deepEqual([...error.metadata.get('x-detail-bin')[0]], [0, 1, 254, 255]);
  },

  'gzip in both directions': async () => {
    const { response } = await unary(compressing, 'SayHello', { name: 'y'.repeat(200000) });
    assert.equal(response.message.length, 200006);
  },

  deadline: async () => {
    const before = await cancelledCalls();
    const { error } = await unary(client, 'Slow', { delayMs: 600000 }, undefined, { deadline: Date.now() + 1500 });
    assert.equal(error.code, grpc.status.DEADLINE_EXCEEDED);
    assert.equal(await cancelledCalls(before + 1), before + 1);
  },

  cancellation: async () => {
    const before = await cancelledCalls();
    await new Promise((resolve, reject) => {
      const call = client.Count({ to: 1000000, delayMs: 5 });
      call.on('data', () => call.cancel());
      call.on('error', (error) => (error.code === grpc.status.CANCELLED ? resolve() : reject(error)));
    });
    assert.equal(await cancelledCalls(before + 1), before + 1);
  },

  'unknown method': async () => {
    const same = (x) => x;
    const error = await new Promise((resolve) =>
      client.makeUnaryRequest('/greeter.v1.Greeter/Nope', same, same, Buffer.alloc(0), resolve));
    assert.equal(error.code, grpc.status.UNIMPLEMENTED);
  },

  '200 calls at a time': async () => {
    const results = await Promise.all(Array.from({ length: 200 }, (_, i) => unary(client, 'SayHello', { name: `${i}` })));
    results.forEach(({ response }, i) => assert.equal(response.message, `Hello ${i}`));
  },
};

(async () => {
  const results = {};
  for (const [name, check] of Object.entries(checks)) {
    results[name] = await check().then(() => null, (error) => `${error.stack ?? error}`);
  }
  console.log(JSON.stringify(results));
  process.exit(0);
})();
