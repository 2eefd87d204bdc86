// greeter.proto as @grpc/grpc-js sees it.
const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const definition = loader.loadSync(path.join(__dirname, 'greeter.proto'), { longs: Number, enums: String, defaults: true });
exports.Greeter = grpc.loadPackageDefinition(definition).greeter.v1.Greeter;
