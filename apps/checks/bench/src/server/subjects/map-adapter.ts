import type { Adapter, AdapterPayload } from 'oidc-provider'

const models = new Map<string, Map<string, AdapterPayload>>()
/** The ids of the items that were issued for a grant. The items are removed when the grant is revoked. */
const grants = new Map<string, Set<string>>()

/** A store in memory for oidc-provider. Its own store keeps only the last thousand items. */
export class MapAdapter implements Adapter {
  readonly #rows: Map<string, AdapterPayload>

  constructor(name: string) {
    let rows = models.get(name)
    if (!rows) models.set(name, (rows = new Map()))
    this.#rows = rows
  }

  async upsert(id: string, payload: AdapterPayload): Promise<void> {
    this.#rows.set(id, payload)
    if (!payload.grantId) return
    let ids = grants.get(payload.grantId)
    if (!ids) grants.set(payload.grantId, (ids = new Set()))
    ids.add(id)
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    return this.#rows.get(id)
  }

  async consume(id: string): Promise<void> {
    this.#rows.get(id)!.consumed = Math.floor(Date.now() / 1000)
  }

  async destroy(id: string): Promise<void> {
    this.#rows.delete(id)
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    for (const id of grants.get(grantId) ?? []) for (const rows of models.values()) rows.delete(id)
    grants.delete(grantId)
  }

  findByUid = async (): Promise<undefined> => undefined
  findByUserCode = async (): Promise<undefined> => undefined
}
