export interface Compared {
  /** The name of the library's package. */
  readonly library: string
  /** What the session server does with a refresh token that was used before. */
  readonly usedToken: string
}

/** An app that the rig tries: it is built once, and several instances serve it. */
export interface Subject {
  readonly name: string
  readonly folder: string
  /** The arguments of Node that build the app. */
  readonly build: readonly string[]
  /** The arguments of Node that serve it. */
  serve(port: number): readonly string[]
  /** A page without a session. A shared cache may keep it. */
  readonly publicPath: string
  /** What its server reads, besides what every app reads. */
  readonly env?: Readonly<Record<string, string>>
  /** The headers of a prefetch of a page by the framework's router. Undefined: the framework has none. */
  readonly prefetch?: Readonly<Record<string, string>>
  /** How the table of the comparison names it. Absent: it is not compared. */
  readonly compared?: Compared
}
