// Serves greeter.proto on a free port and writes "listening PORT". (A server of this implementation never compresses its responses.)
const grpc = require('@grpc/grpc-js');
const { Greeter } = require('./greeter');

let cancelled = 0;
let waiting = [];
const countCancelled = () => {
  cancelled++;
  waiting = waiting.filter((wake) => !wake());
};

const server = new grpc.Server();
server.addService(Greeter.service, {
  SayHello(call, callback) {
    callback(null, { message: `Hello ${call.request.name}` });
  },

  Count(call) {
    const headers = new grpc.Metadata();
    headers.set('x-start', 'now');
    call.sendMetadata(headers);
    let stopped = false;
    call.on('cancelled', () => {
      stopped = true;
      countCancelled();
    });
    let i = 0;
    const next = () => {
      if (stopped) return;
      if (++i > call.request.to) {
        const trailers = new grpc.Metadata();
        trailers.set('x-count', `${call.request.to}`);
        call.end(trailers);
        return;
      }
      call.write({ message: `${i}` });
      setTimeout(next, call.request.delayMs);
    };
    next();
  },

  Sum(call, callback) {
    let value = 0;
    call.on('data', (number) => (value += number.value));
    call.on('end', () => callback(null, { value }));
  },

  Chat(call) {
    call.on('data', (request) => call.write({ message: `> ${request.name}` }));
    call.on('end', () => call.end());
  },

  Fail(call, callback) {
    const metadata = new grpc.Metadata();
    metadata.set('x-reason', 'no such');
    metadata.set('x-detail-bin', Buffer.from([0, 1, 254, 255]));
    callback({ code: grpc.status.NOT_FOUND, details: `nothing called '${call.request.name}' é%`, metadata });
  },

  Slow(call, callback) {
    const timer = setTimeout(() => callback(null, { message: 'slept' }), call.request.delayMs);
    call.on('cancelled', () => {
      clearTimeout(timer);
      countCancelled();
    });
  },

  Relay(call, callback) {
    callback({ code: grpc.status.UNIMPLEMENTED, details: 'This server calls nobody.' });
  },

  Look(call, callback) {
    const metadata = {};
    for (const [key, value] of Object.entries(call.metadata.getMap())) {
      metadata[key] = Buffer.isBuffer(value) ? value.toString('hex').toUpperCase() : value;
    }
    const answer = () => {
      if (cancelled < call.request.cancelledAtLeast) return false;
      callback(null, { metadata, cancelled });
      return true;
    };
    if (!answer()) waiting.push(answer);
  },
});

server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  console.log(`listening ${port}`);
});
