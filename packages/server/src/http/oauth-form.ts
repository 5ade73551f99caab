import { ApiError } from '../errors.ts'
import type { z } from 'zod'
import { header, type AppContext } from './request.ts'

export type Form = Readonly<Record<string, string>>

/** Reads a form-encoded request (RFC 6749 section 3.2). An empty parameter counts as omitted. A repeated one is an error. */
export async function readForm(c: AppContext): Promise<Form> {
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(header(c, 'content-type') ?? ''))
    throw new ApiError('invalid_request', 'the body must be application/x-www-form-urlencoded')
  const parameters = new URLSearchParams(await c.req.text())
  const names = [...parameters.keys()]
  const repeated = names.find((name, at) => names.indexOf(name) !== at)
  if (repeated !== undefined) throw new ApiError('invalid_request', 'send each parameter once')
  return Object.fromEntries([...parameters].filter(([, value]) => value !== ''))
}

/** Parses the parameters by a schema. */
export function parseParameters<T>(form: Form, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(form)
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]!
  throw new ApiError('invalid_request', `${path.join('.')}: ${message}`)
}

/** Reads the client's credentials (RFC 6749 section 2.3.1). Undefined if the client sends no secret. */
export function readClientCredentials(
  c: AppContext,
  form: Form,
): { id?: string | undefined; secret: string } | undefined {
  const basic = /^Basic (.+)$/i.exec(header(c, 'authorization') ?? '')?.[1]
  if (basic === undefined) {
    const { client_id: id, client_secret: secret } = form
    return secret === undefined ? undefined : { id, secret }
  }
  // The id and the secret are each form-encoded.
  const [id = '', secret = ''] = Buffer.from(basic, 'base64')
    .toString()
    .split(':', 2)
    .map((part) => new URLSearchParams(`_=${part.replaceAll('&', '%26')}`).get('_') ?? '')
  return { id, secret }
}
