const PREFIX = 'TOKENKEEP_'

/**
 * Kubernetes gives every container variables for each Service. Those of a Service named tokenkeep begin like our settings.
 * `TOKENKEEP_PORT` is one of our settings too, but Kubernetes sets it to a URL such as `tcp://10.0.0.1:4000`.
 */
export const ofKubernetes = (name: string, value: string): boolean =>
  /_SERVICE_(HOST|PORT)(_\w+)?$|_PORT_\d+_(TCP|UDP|SCTP)(_\w+)?$/.test(name) ||
  (name.endsWith('_PORT') && /^(tcp|udp|sctp):\/\//.test(value))

/** Returns a line for each variable that looks like a setting but is not one. `known`: the variables of the settings. */
export function unknownVariables(env: NodeJS.ProcessEnv, known: ReadonlySet<string>): string[] {
  return Object.entries(env).flatMap(([name, value = '']) => {
    if (!name.startsWith(PREFIX) || name === `${PREFIX}CONFIG`) return []
    if (ofKubernetes(name, value))
      return name === `${PREFIX}PORT`
        ? [`${name} is ignored: Kubernetes set it for a Service named tokenkeep; use --port to choose a port`]
        : []
    if (known.has(name) || known.has(name.replace(/_FILE$/, ''))) return []
    return [`${name} is ignored: there is no such setting, see tokenkeep serve --help`]
  })
}
