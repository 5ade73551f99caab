import * as protocol from '@tokenkeep/protocol'
import { z } from 'zod'
import { STATUS_BY_CODE } from '../../errors.ts'
import { needsRecentSignIn } from '../recent-sign-in.ts'
import type { Operation, Reply } from './operation.ts'

type Json = Record<string, unknown>

/** Every schema of the protocol, by its export name. */
const namedSchemas = Object.entries(protocol as Record<string, unknown>).filter(
  (entry): entry is [string, z.ZodType] => entry[1] instanceof z.ZodType,
)
const registry = z.registry<{ id: string }>()
for (const [name, schema] of namedSchemas)
  registry.add(schema, { id: name[0]!.toUpperCase() + name.slice(1) })

const schemaUri = (id: string): string => `#/components/schemas/${id}`
const toJsonSchemas = (io: 'input' | 'output'): Record<string, Json> =>
  z.toJSONSchema(registry, {
    uri: schemaUri,
    io,
    override({ jsonSchema }) {
      // Replies get more fields in later versions, and the dialects for pages ignore unknown ones. So no schema forbids others.
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties
      // Client generators treat a field with a default as required.
      if (io === 'output' || jsonSchema.default === undefined) return
      const { description = '', default: value } = jsonSchema
      jsonSchema.description = `${description} Default: ${JSON.stringify(value)}.`.trim()
      delete jsonSchema.default
    },
  }).schemas as Record<string, Json>

/** The schemas as the sender sees them: a field with a default is optional in a request and always present in a reply. */
function schemas(operations: readonly Operation[]): Record<string, Json> {
  const requestIds = new Set(
    operations.flatMap(({ body, form }) => [body, form]).map((schema) => schema && registry.get(schema)?.id),
  )
  const [input, output] = [toJsonSchemas('input'), toJsonSchemas('output')]
  return Object.fromEntries(
    Object.keys(output).map((id) => {
      const { $id: _, $schema: __, ...schema } = (requestIds.has(id) ? input : output)[id]!
      return [id, schema]
    }),
  )
}

const refer = (schema: z.ZodType): Json => {
  const { id } = registry.get(schema) ?? {}
  if (id === undefined)
    throw new TypeError('export the schema of this request or reply from @tokenkeep/protocol')
  return { $ref: schemaUri(id) }
}

const content = (reply: Reply | readonly Reply[]): Json =>
  Object.fromEntries(
    [reply]
      .flat()
      .map((each) =>
        each instanceof z.ZodType
          ? ['application/json', { schema: refer(each) }]
          : [each, { schema: { type: 'string' } }],
      ),
  )

const DESCRIPTIONS: Readonly<Record<number, string>> = { 200: 'Done', 201: 'Created' }

function responses(operation: Operation): Json {
  const { path, needs, scope, body, form, query, replies, errors = [] } = operation
  const oauth = path.includes('/oauth/')
  const commonErrors: readonly string[] = [
    ...(body || form || query ? ['invalid_request'] : []),
    ...(body || form ? ['payload_too_large'] : []),
    ...(path.includes(':app') ? ['app_not_found'] : []),
    ...(needs && !oauth ? ['invalid_access_token'] : []),
    ...(scope ? ['operation_not_allowed'] : []),
    ...(needsRecentSignIn(operation) ? ['insufficient_user_authentication'] : []),
    ...(oauth
      ? ['rate_limited', 'server_error', 'temporarily_unavailable']
      : ['rate_limited', 'internal_server_error', 'unavailable']),
  ]
  const byStatus = Map.groupBy(
    new Set([...errors, ...commonErrors]),
    (code) => STATUS_BY_CODE[code as protocol.ErrorCode],
  )
  const schema = refer(oauth ? protocol.oauthError : protocol.errorBody)
  return {
    ...Object.fromEntries(
      Object.entries(replies).map(([status, reply]) => [
        status,
        { description: DESCRIPTIONS[Number(status)] ?? 'Done', ...(reply && { content: content(reply) }) },
      ]),
    ),
    ...Object.fromEntries(
      [...byStatus].map(([status, codes]) => [
        status,
        {
          description: codes.map((code) => `\`${code}\``).join(', '),
          content: { 'application/json': { schema } },
        },
      ]),
    ),
  }
}

/** What a request needs. For a key or an admin, the list names the scope (OpenAPI 3.1, Security Requirement Object). */
function securityOf({ needs, scope }: Operation): Json[] | undefined {
  const manager = [{ apiKey: [scope] }, { adminToken: [scope] }]
  if (needs === 'key' || needs === 'instance key') return manager
  if (needs === 'optional key') return [{}, ...manager]
  if (needs === 'auth token') return [{ authToken: [] }]
  if (needs === 'client') return [{ apiKey: [scope] }, { client: [scope] }]
  return needs && [{ metricsToken: [] }]
}

function parametersOf({ path, query, headers = {} }: Operation): Json[] {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
  const properties = query ? (z.toJSONSchema(query, { io: 'input' }).properties ?? {}) : {}
  const inQuery = Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', schema }))
  const inHeaders = Object.entries(headers).map(([name, description]) => ({
    name,
    in: 'header',
    description,
    schema: { type: 'string' },
  }))
  return [...inPath, ...inQuery, ...inHeaders]
}

/** The operation id, such as `postAppTokens`: generated clients use it as a function name. */
const operationIdOf = ({ method, path }: Operation): string =>
  `${method} ${path.replace('/v1/apps/:app', '/app').replace('/v1/apps', '/apps')}`.replaceAll(
    /[^A-Za-z]+([A-Za-z])/g,
    (_, letter: string) => letter.toUpperCase(),
  )

function describe(operation: Operation): Json {
  const { summary, body, bodyOptional, form } = operation
  const security = securityOf(operation)
  const parameters = parametersOf(operation)
  const type = form ? 'application/x-www-form-urlencoded' : 'application/json'
  const schema = form ?? body
  return {
    operationId: operationIdOf(operation),
    summary,
    ...(parameters.length && { parameters }),
    ...(schema && {
      requestBody: { required: !bodyOptional, content: { [type]: { schema: refer(schema) } } },
    }),
    ...(security && { security }),
    responses: responses(operation),
  }
}

/** Creates the OpenAPI 3.1 document of these routes. */
export function openapi(operations: readonly Operation[], baseUrl: string): Json {
  const paths: Record<string, Json> = {}
  for (const operation of operations) {
    const path = operation.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [operation.method]: describe(operation) }
  }
  const bearer = (description: string): Json => ({ type: 'http', scheme: 'bearer', description })
  return {
    openapi: '3.1.1',
    info: { title: 'Tokenkeep session server', version: '1', license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: baseUrl }],
    security: [],
    paths,
    components: {
      schemas: schemas(operations),
      securitySchemes: {
        apiKey: bearer('An API key of the app'),
        adminToken: bearer('The auth token of an administrator who is signed in to the Console'),
        authToken: bearer('An auth token of the app'),
        client: {
          type: 'http',
          scheme: 'basic',
          description: 'The id of the app, and one of its client secrets or API keys',
        },
        metricsToken: bearer('The metrics token of the server'),
      },
    },
  }
}
