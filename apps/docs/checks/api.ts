// `pnpm api`: writes what each package exports into docs/api/, one file per package, so that a review sees every change
// of the public interface. `--check` fails if a file differs.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import ts from 'typescript'
import { checker, entries, exportsOf, isOf, root, type Export } from './exports.ts'

const printer = ts.createPrinter({ removeComments: true })
const format =
  ts.TypeFormatFlags.NoTruncation |
  ts.TypeFormatFlags.WriteArrowStyleSignature |
  ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope

const typeOf = (symbol: ts.Symbol, declaration: ts.Declaration): string =>
  checker.typeToString(checker.getTypeOfSymbolAtLocation(symbol, declaration), declaration, format)

const isHidden = (member: ts.ClassElement): boolean =>
  (ts.getCombinedModifierFlags(member) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) !== 0 ||
  (member.name !== undefined && ts.isPrivateIdentifier(member.name))

/** Describes a class by its constructor and its public members. */
function classText(name: string, declaration: ts.ClassLikeDeclaration): string {
  const heritage = (declaration.heritageClauses ?? []).map((clause) => ` ${clause.getText()}`).join('')
  const lines = declaration.members.flatMap((member) => {
    if (isHidden(member) || ts.isClassStaticBlockDeclaration(member)) return []
    const isStatic = (ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Static) !== 0
    const prefix = isStatic ? '  static ' : '  '
    if (ts.isConstructorDeclaration(member)) {
      const parameters = member.parameters.map((each) => each.getText().replaceAll(/\s+/g, ' '))
      return [`  constructor(${parameters.join(', ')})`]
    }
    const symbol = member.name && checker.getSymbolAtLocation(member.name)
    return symbol ? [`${prefix}${symbol.name}: ${typeOf(symbol, member)}`] : []
  })
  return [`class ${name}${heritage} {`, ...new Set(lines), '}'].join('\n')
}

function textOf({ name, symbol, declarations }: Export): string {
  const [declaration] = declarations
  if (!declaration) return `unknown ${name}`
  if (ts.isInterfaceDeclaration(declaration) || ts.isTypeAliasDeclaration(declaration))
    return printer
      .printNode(ts.EmitHint.Unspecified, declaration, declaration.getSourceFile())
      .replace(/^export /, '')
      .replace(/;$/, '')
      .replaceAll(/^ +/gm, (indent) => indent.slice(indent.length / 2))
  if (ts.isClassLike(declaration)) return classText(name, declaration)
  const kind = symbol.flags & ts.SymbolFlags.Function ? 'function' : 'const'
  return `${kind} ${name}: ${typeOf(symbol, declaration)}`
}

/** Names the entries of other packages that an entry re-exports completely, and then its other re-exports. */
function othersText(entry: (typeof entries)[number], others: readonly Export[]): string[] {
  const names = new Set(others.map(({ name }) => name))
  const whole = entries.filter(
    (other) => other.folder !== entry.folder && exportsOf(other).every(({ name }) => names.has(name)),
  )
  const covered = new Set(whole.flatMap((each) => exportsOf(each).map(({ name }) => name)))
  const rest = [...names].filter((name) => !covered.has(name))
  return [
    ...whole.map(({ specifier }) => `re-exports everything from ${specifier}`),
    ...(rest.length > 0 ? [`re-exports from other packages: ${rest.join(', ')}`] : []),
  ]
}

const files = new Map<string, string[]>()
for (const entry of entries) {
  const exported = exportsOf(entry)
  const own = exported.filter((each) => isOf(entry, each))
  const others = exported.filter((each) => !own.includes(each))
  const text = [`# ${entry.specifier}`, ...own.map(textOf), ...othersText(entry, others)]
  files.set(entry.folder, [...(files.get(entry.folder) ?? []), ...text])
}

const check = process.argv.includes('--check')
mkdirSync(`${root}docs/api`, { recursive: true })
for (const [folder, blocks] of files) {
  const path = `docs/api/${folder}.txt`
  const text = `${blocks.join('\n\n')}\n`
  if (existsSync(root + path) && readFileSync(root + path, 'utf8') === text) continue
  if (!check) writeFileSync(root + path, text)
  else {
    console.error(`${path} differs from what the package exports. Run: pnpm api`)
    process.exitCode = 1
  }
}
