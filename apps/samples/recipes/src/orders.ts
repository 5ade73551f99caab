/** An API client without a framework. Its creator passes the `fetch` to use: `new Orders(apiFetch)`. */
export class Orders {
  readonly #fetch: typeof fetch

  constructor(authFetch: typeof fetch) {
    this.#fetch = authFetch
  }

  async list(signal?: AbortSignal): Promise<readonly string[]> {
    const response = await this.#fetch('https://api.example.com/orders', signal ? { signal } : {})
    if (!response.ok) throw new Error(`the API answered ${response.status}`)
    return (await response.json()) as readonly string[]
  }
}
