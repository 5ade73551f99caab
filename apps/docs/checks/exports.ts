import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

export const root = fileURLToPath(new URL('../../..', import.meta.url))

interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly exports: Readonly<Record<string, { readonly source: string }>>
  readonly publishConfig: { readonly exports: Readonly<Record<string, unknown>> }
}

/** An entry point of a package, such as `@tokenkeep/core/axios`. */
interface Entry {
  /** The package's folder below `packages/`. */
  readonly folder: string
  /** The specifier in an app's `import`. */
  readonly specifier: string
  /** The path of its source file. */
  readonly file: string
}

/** The entries that are published: `publishConfig.exports` names them, and `exports` has their sources. */
export const entries: readonly Entry[] = globSync('packages/*/package.json', { cwd: root })
  .toSorted()
  .flatMap((path) => {
    const { name, exports, publishConfig } = JSON.parse(readFileSync(`${root}${path}`, 'utf8')) as Manifest
    const [, folder] = path.split('/')
    return Object.keys(publishConfig.exports)
      .filter((key) => exports[key]?.source)
      .map((key) => ({
        folder: folder!,
        specifier: name + key.slice(1),
        file: `${root}packages/${folder}/${exports[key]!.source}`.replace('/./', '/'),
      }))
  })

export interface Export {
  readonly name: string
  readonly symbol: ts.Symbol
  readonly declarations: readonly ts.Declaration[]
}

const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(`${root}apps/docs/tsconfig.examples.json`, ts.sys.readFile).config,
  ts.sys,
  `${root}apps/docs`,
)
const program = ts.createProgram(
  entries.map(({ file }) => file),
  options,
)
export const checker = program.getTypeChecker()

/** Returns the exports of an entry, sorted by name. */
export function exportsOf({ file }: Entry): Export[] {
  const source = program.getSourceFile(file)
  const module = source && checker.getSymbolAtLocation(source)
  if (!module) return []
  return checker
    .getExportsOfModule(module)
    .map((exported) => {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
      return { name: exported.name, symbol, declarations: symbol.declarations ?? [] }
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

/** Whether a declaration is in the sources of a package, and not in those of a package that it re-exports. */
export const isOf = ({ folder }: Entry, { declarations }: Export): boolean =>
  declarations.some((each) => each.getSourceFile().fileName.includes(`/packages/${folder}/`))
