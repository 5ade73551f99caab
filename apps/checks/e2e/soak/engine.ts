/** The part of a browser that the cross-tab suite needs. */
export interface Engine {
  open(url: string): Promise<EngineTab>
  close(): Promise<void>
}

export interface EngineTab {
  /** Evaluates an expression in the page, and awaits it if it is a promise. */
  evaluate<T>(expression: string): Promise<T>
  close(): Promise<void>
}
