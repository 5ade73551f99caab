// Follows the quick start of each package's README from the packed tarballs, in an empty folder outside the workspace.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packAll } from './pack.mjs'
import { freePort } from '../lib/free-port.ts'
import { waitUntilReady } from '../lib/ports.mjs'
import { read, start } from '../lib/tool.mjs'

/** Packages that a README expects the app to have already. */
const surroundings = {
  react: ['react', '@types/react'],
  vue: ['vue', 'vue-router'],
  angular: ['@angular/common', '@angular/core', '@angular/platform-browser', '@angular/router', 'rxjs'],
  core: ['axios'],
  passage: ['axios'],
}

const blocksOf = (readme, languages) =>
  [...readme.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].filter(([, language]) => languages.includes(language))

/** Compiles a README's examples against the packages that npm installed. */
const compile = async (cwd, readme) => {
  const blocks = blocksOf(readme, ['ts', 'tsx'])
  for (const [index, [, language, code]] of blocks.entries())
    writeFileSync(join(cwd, `example-${index}.${language}`), `${code}\nexport {}\n`)
  writeFileSync(
    join(cwd, 'given.d.ts'),
    'declare const SignIn: (props: { onDone: (result: any) => void }) => any\n',
  )
  writeFileSync(
    join(cwd, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        module: 'preserve',
        target: 'es2023',
        lib: ['es2024', 'dom', 'dom.iterable'],
        jsx: 'react-jsx',
        strict: true,
        skipLibCheck: true,
        experimentalDecorators: true,
        types: ['node'],
        noEmit: true,
      },
      include: ['*.ts', '*.tsx'],
    }),
  )
  if (blocks.length > 0) await read(join(cwd, 'node_modules', '.bin', 'tsc'), [], { cwd })
  return blocks.length
}

/** Runs the commands of the server's README as they are written, and sends a request to the server that they start. */
const serve = async (cwd, readme) => {
  const commands = blocksOf(readme, ['sh'])
    .flatMap(([, , code]) => code.replaceAll('\\\n', ' ').trim().split('\n'))
    .filter((line) => line.startsWith('npx tokenkeep'))
  const [first, ...rest] = commands.map((line) => line.split(/\s+/).slice(2))
  const tokenkeep = join(cwd, 'node_modules', '.bin', 'tokenkeep')
  const port = await freePort()
  const url = `http://localhost:${port}`
  const server = start(tokenkeep, [...first, '--port', String(port)], { cwd, stdio: 'ignore' })
  try {
    await waitUntilReady(`${url}/readyz`, 120)
    for (const command of rest) await read(tokenkeep, command, { cwd })
    const { ok } = await fetch(`${url}/v1/apps/shop`)
    if (!ok) throw new Error('the server does not have the app that the README creates')
  } finally {
    server.kill()
  }
}

/** Follows every quick start. Throws an error that says what does not work. */
export async function quickStarts(repository, folder) {
  mkdirSync(folder)
  const packages = readdirSync(join(repository, 'packages'))
  const tarballs = Object.fromEntries(await packAll(repository, folder))
  for (const name of packages) {
    const readme = readFileSync(join(repository, 'packages', name, 'README.md'), 'utf8')
    const cwd = join(folder, name, 'app')
    mkdirSync(cwd, { recursive: true })
    const tarball = Object.fromEntries(Object.entries(tarballs).map(([full, path]) => [full, `file:${path}`]))
    const manifest = { name: 'quick-start', private: true, type: 'module', overrides: tarball }
    writeFileSync(
      join(cwd, 'package.json'),
      JSON.stringify({
        ...manifest,
        dependencies: { [`@tokenkeep/${name}`]: tarball[`@tokenkeep/${name}`] },
      }),
    )
    const more = [...(surroundings[name] ?? []), 'typescript', '@types/node']
    await read('npm', ['install', '--no-audit', '--no-fund', ...more], { cwd })
    const examples = await compile(cwd, readme)
    if (name === 'server') await serve(cwd, readme)
    console.log(`@tokenkeep/${name}: installed from its tarball; ${examples} examples of its README compile`)
  }
}
