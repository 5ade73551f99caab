import { HttpError } from '../errors.ts'
import type { z } from 'zod'
import { header, type AppContext } from './request.ts'

export type Form = Readonly<Record<string, string>>

/** The parameters of a form-encoded request (RFC 6749 section 3.2): an empty one counts as omitted, and none may come twice. */
export async function readForm(c: AppContext): Promise<Form> {
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(header(c, 'content-type') ?? ''))
    throw new HttpError(400, 'invalid_request', 'the body must be application/x-www-form-urlencoded')
  const parameters = new URLSearchParams(await c.req.text())
  const names = [...parameters.keys()]
  const repeated = names.find((name, at) => names.indexOf(name) !== at)
  if (repeated !== undefined) throw new HttpError(400, 'invalid_request', 'no parameter may be repeated')
  return Object.fromEntries([...parameters].filter(([, value]) => value !== ''))
}

/** Those parameters by their schema. */
export function parameters<T>(form: Form, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(form)
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]!
  throw new HttpError(400, 'invalid_request', `${path.join('.')}: ${message}`)
}

/** What a client proves itself with (RFC 6749 section 2.3.1); undefined for one that only names itself. */
export function clientSecret(
  c: AppContext,
  form: Form,
): { id?: string | undefined; secret: string } | undefined {
  const basic = /^Basic (.+)$/i.exec(header(c, 'authorization') ?? '')?.[1]
  if (basic === undefined) {
    const { client_id: id, client_secret: secret } = form
    return secret === undefined ? undefined : { id, secret }
  }
  // Both parts are form-encoded on their own.
  const [id = '', secret = ''] = Buffer.from(basic, 'base64')
    .toString()
    .split(':', 2)
    .map((part) => new URLSearchParams(`_=${part.replaceAll('&', '%26')}`).get('_') ?? '')
  return { id, secret }
}
