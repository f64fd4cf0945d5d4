// Owns writing an OpenAPI v2 document in gnostic's protobuf, the only form that kubectl up to 1.27 reads.
// Must not make the document; openapi-v2-document.ts does.
import protobuf from 'protobufjs';
import type { JsonObject } from '../../api/object.ts';
import type { OpenApiV2, Operation, SchemaV2 } from '../openapi-v2-document.ts';

/** What is written of gnostic's OpenAPIv2.proto; the numbers are its. */
const { root } = protobuf.parse(
  `
syntax = "proto3";
message Document { string swagger = 1; Info info = 2; Paths paths = 8; Definitions definitions = 9; }
message Info { string title = 1; string version = 2; }
message Paths { repeated NamedPathItem path = 2; }
message NamedPathItem { string name = 1; PathItem value = 2; }
message PathItem { Operation get = 2; Operation put = 3; Operation post = 4; Operation delete = 5; Operation patch = 8; }
message Operation { repeated ParametersItem parameters = 8; Responses responses = 9; repeated NamedAny vendor_extension = 13; }
message ParametersItem { Parameter parameter = 1; }
message Parameter { NonBodyParameter non_body_parameter = 2; }
message NonBodyParameter { QueryParameter query_parameter_sub_schema = 3; }
message QueryParameter { string in = 2; string name = 4; string type = 6; }
message Responses { repeated NamedResponse response_code = 1; }
message NamedResponse { string name = 1; ResponseValue value = 2; }
message ResponseValue { Response response = 1; }
message Response { string description = 1; }
message Definitions { repeated NamedSchema additional_properties = 1; }
message NamedSchema { string name = 1; Schema value = 2; }
message Schema {
  string _ref = 1; string format = 2; string description = 4; repeated string required = 19;
  AdditionalProperties additional_properties = 21; TypeItem type = 22; Items items = 23; Definitions properties = 25;
  repeated NamedAny vendor_extension = 31;
}
message AdditionalProperties { Schema schema = 1; }
message TypeItem { repeated string value = 1; }
message Items { repeated Schema schema = 1; }
message NamedAny { string name = 1; Any value = 2; }
message Any { string yaml = 2; }
`,
  { keepCase: true },
);

export function openApiV2Bytes(document: OpenApiV2): Uint8Array {
  const type = root.lookupType('Document');
  const message = {
    swagger: document.swagger,
    info: document.info,
    paths: { path: Object.entries(document.paths).map(([name, item]) => ({ name, value: pathItem(item) })) },
    definitions: namedSchemas(document.definitions),
  };
  return type.encode(type.fromObject(message)).finish();
}

function pathItem(item: Readonly<Record<string, Operation>>): object {
  return Object.fromEntries(Object.entries(item).map(([method, operation]) => [method, operationOf(operation)]));
}

function operationOf({ parameters, ...rest }: Operation): object {
  return {
    parameters: parameters.map((query_parameter_sub_schema) => ({ parameter: { non_body_parameter: { query_parameter_sub_schema } } })),
    responses: { response_code: [{ name: '200', value: { response: { description: 'OK' } } }] },
    vendor_extension: extensions(rest),
  };
}

function namedSchemas(schemas: Readonly<Record<string, SchemaV2>>): object {
  return { additional_properties: Object.entries(schemas).map(([name, schema]) => ({ name, value: schemaOf(schema) })) };
}

function schemaOf(schema: SchemaV2): object {
  const { $ref, format, description, required, additionalProperties, type, items, properties, ...rest } = schema;
  return {
    ...($ref === undefined ? {} : { _ref: $ref }),
    ...(format === undefined ? {} : { format }),
    ...(description === undefined ? {} : { description }),
    ...(required === undefined ? {} : { required }),
    ...(additionalProperties === undefined ? {} : { additional_properties: { schema: schemaOf(additionalProperties) } }),
    ...(type === undefined ? {} : { type: { value: [type] } }),
    ...(items === undefined ? {} : { items: { schema: [schemaOf(items)] } }),
    ...(properties === undefined ? {} : { properties: namedSchemas(properties) }),
    vendor_extension: extensions(rest),
  };
}

/** JSON is YAML. */
function extensions(fields: object): readonly object[] {
  return Object.entries(fields as JsonObject).map(([name, value]) => ({ name, value: { yaml: `${JSON.stringify(value)}\n` } }));
}
