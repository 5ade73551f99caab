// `pnpm reference`: writes the descriptions of the server's settings and commands into docs/configuration.md.
// `--check` fails if the document is out of date.
import { flagOf, schema, secrets, variableOf, type Setting } from '../../packages/server/src/cli/config.ts'
import { createProgram } from '../../packages/server/src/cli/program.ts'
import { writeSection } from './generated-section.ts'
import { commandsOf } from './commands.ts'

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows]
    .map((row) => `| ${row.join(' | ')} |`.replaceAll('  ', ' '))
    .join('\n')
const code = (text: string): string => `\`${text}\``
/** Shows an address in a description as code: it is an example, not a link. */
const prose = (text: string): string => text.replaceAll(/\w+:\/\/[^\s,]*/g, code)

const defaults: Partial<Record<Setting, unknown>> = schema.omit({ store: true }).parse({})
const settings = (Object.keys(schema.shape) as Setting[]).map((setting) => [
  code(secrets.has(setting) ? variableOf(setting) : flagOf(setting)),
  defaults[setting] === undefined ? '' : code(String(defaults[setting])),
  prose(schema.shape[setting].description!),
])

const commands = commandsOf(createProgram())
const ofSetting = new Set([...Object.keys(schema.shape).map(flagOf), '--config'])
const described = commands.map(([name, command]) => {
  const usage = command.registeredArguments.map((argument) => ` <${argument.name()}>`).join('')
  const options = command.options
    .filter(({ long }) => !ofSetting.has(long!))
    .map(({ flags, mandatory, description, argChoices, defaultValue }) => [
      code(flags.replaceAll('|', '\\|')),
      [
        prose(description),
        argChoices && `: ${argChoices.map(code).join(', ')}`,
        mandatory && ' (needed)',
        typeof defaultValue === 'string' && ` (default: ${defaultValue})`,
      ]
        .filter(Boolean)
        .join(''),
    ])
  const [first, ...rest] = command.description()
  const text = `### ${code(`${name}${usage}`)}\n${first!.toUpperCase()}${rest.join('')}.`
  return options.length > 0 ? `${text}\n\n${table(['option', ''], options)}` : text
})

const page = ['docs/configuration.md']
writeSection('settings', page, table(['setting', 'default', ''], settings), 'pnpm reference')
writeSection('commands', page, described.join('\n\n'), 'pnpm reference')
