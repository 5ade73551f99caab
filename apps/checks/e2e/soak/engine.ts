/** What the cross-tab suite needs of a browser. */
export interface Engine {
  open(url: string): Promise<EngineTab>
  close(): Promise<void>
}

export interface EngineTab {
  /** The value of an expression in the page; promises are awaited. */
  evaluate<T>(expression: string): Promise<T>
  close(): Promise<void>
}
