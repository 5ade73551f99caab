import { foldIdentifier } from '@tokenkeep/protocol'
import { sql, type Statement } from './database.ts'

/** The last sign-in of a user who never signed in, in milliseconds since the epoch: the start of the year 1, as in Passage. */
export const NEVER = Date.parse('0001-01-01T00:00:00Z')

/** A condition on a column. Times are milliseconds since the epoch. */
export interface Comparison<Value> {
  readonly operator: 'is' | 'ne' | 'gt' | 'lt'
  readonly value: Value
}

export interface UserFilter {
  /** Lists only the user with this identifier, in any case. */
  readonly identifier?: string | undefined
  /** A part of the identifier. Upper and lower case are the same. */
  readonly search?: string | undefined
  /** Only users created by this time (milliseconds since the epoch), so that pages do not shift while people sign up. */
  readonly createdBefore?: number | undefined
  readonly id?: Comparison<Buffer> | undefined
  readonly status?: Comparison<string> | undefined
  readonly login_count?: Comparison<number> | undefined
  readonly created_at?: Comparison<number> | undefined
  readonly updated_at?: Comparison<number> | undefined
  /** The time of a user who never signed in is {@link NEVER}. */
  readonly last_login_at?: Comparison<number> | undefined
}

const OPERATORS = { is: sql`=`, ne: sql`<>`, gt: sql`>`, lt: sql`<` } as const

const columns = {
  id: sql`id`,
  status: sql`status`,
  login_count: sql`login_count`,
  created_at: sql`created_at`,
  updated_at: sql`updated_at`,
  last_login_at: sql`COALESCE(last_login_at, ${NEVER})`,
} as const
const names = Object.keys(columns) as (keyof typeof columns)[]

const EMPTY = sql``

/** The condition that a user of the app passes the filter. */
export function whereUser(appId: string, filter: UserFilter): Statement {
  const { identifier, search, createdBefore } = filter
  const pattern = search === undefined ? '' : `%${foldIdentifier(search).replaceAll(/[\\%_]/g, '\\$&')}%`
  const compared = names.reduce((before, name) => {
    const comparison = filter[name]
    if (!comparison) return before
    return sql`${before} AND ${columns[name]} ${OPERATORS[comparison.operator]} ${comparison.value}`
  }, EMPTY)
  return sql`app_id = ${appId}
    ${identifier === undefined ? EMPTY : sql`AND folded = ${foldIdentifier(identifier)}`}
    ${search === undefined ? EMPTY : sql`AND folded LIKE ${pattern} ESCAPE '\\'`}
    ${createdBefore === undefined ? EMPTY : sql`AND created_at <= ${createdBefore}`}
    ${compared}`
}

type Column = keyof typeof columns | 'identifier'
type OrderedColumn = `${Column}:${'asc' | 'desc'}`
/** Columns and their directions, separated by commas. */
export type UserOrder = OrderedColumn | `${OrderedColumn},${OrderedColumn}`

/** A user who never signed in comes last in either direction. The two databases order nulls differently by default. */
const orders: Readonly<Record<OrderedColumn, Statement>> = {
  'id:asc': sql`id`,
  'id:desc': sql`id DESC`,
  'identifier:asc': sql`folded`,
  'identifier:desc': sql`folded DESC`,
  'status:asc': sql`status`,
  'status:desc': sql`status DESC`,
  'login_count:asc': sql`login_count`,
  'login_count:desc': sql`login_count DESC`,
  'created_at:asc': sql`created_at`,
  'created_at:desc': sql`created_at DESC`,
  'updated_at:asc': sql`updated_at`,
  'updated_at:desc': sql`updated_at DESC`,
  'last_login_at:asc': sql`last_login_at ASC NULLS LAST`,
  'last_login_at:desc': sql`last_login_at DESC NULLS LAST`,
}

/** The order of users. The id comes last, so that two users always have the same order. */
export function orderUsers(order: UserOrder): Statement {
  const columns = order.split(',') as OrderedColumn[]
  const tie = columns.at(-1)!.endsWith(':desc') ? orders['id:desc'] : orders['id:asc']
  return columns.map((column) => orders[column]).reduceRight((after, each) => sql`${each}, ${after}`, tie)
}
