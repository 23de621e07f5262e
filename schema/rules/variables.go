package rules

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

var variableRules = group{[]*diag.Rule{reservedVariable}, mesh.checkVariables}

var reservedVariable = &diag.Rule{
	Code: "reserved-variable", Severity: diag.Error, Fixed: true,
	Title: "private material in a variable that means something else",
	Why:   "the rendered READMEs export the variable: the shell, kubectl or istioctl would take a key or token for their own setting, and fail or send it elsewhere",
	Fix:   "use a name of its own, such as TOKEN_CLUSTER_A",
	Bad:   `clusters: {cluster-a: {credential: {token: {file: null, env: PATH}}}}`,
	Good:  `clusters: {cluster-a: {credential: {token: {file: null, env: TOKEN_CLUSTER_A}}}}`,
}

// reservedVariables are what shells, the loader of programs, and the programs of the READMEs read or set, in capitals.
var reservedVariables = strings.Fields(`
	ALL_PROXY BASH BASHOPTS BASHPID CDPATH CI COLUMNS COMSPEC DIRSTACK EDITOR ENV EUID EXECIGNORE FCEDIT
	FIGNORE FPATH FUNCNAME FUNCNEST GID GITHUB_STEP_SUMMARY GLOBIGNORE GODEBUG GOGC GOMAXPROCS GOMEMLIMIT
	GOTRACEBACK GROUPS HISTCHARS HISTCMD HISTCONTROL HISTFILE HISTFILESIZE HISTIGNORE HISTSIZE HISTTIMEFORMAT
	HOME HOMEDRIVE HOMEPATH HOST HOSTNAME HOSTTYPE HTTPS_PROXY HTTP_PROXY IFS INPUTRC KUBECACHEDIR KUBECONFIG
	KUBERNETES_MASTER KUBERNETES_PORT LANG LANGUAGE LINENO LINES LOGNAME MACHTYPE MAIL MAILCHECK MAILPATH
	NO_COLOR NO_PROXY NULLCMD OLDPWD OPTARG OPTERR OPTIND OSTYPE PAGER PATH PATHEXT PIPESTATUS
	POSIXLY_CORRECT PPID PROMPT PROMPT_COMMAND PROMPT_DIRTRIM PS0 PS1 PS2 PS3 PS4 PWD RANDOM READNULLCMD
	REMOVED_CTX CHANGED_CTX OLD_REVISION REPLY SAVEHIST SECONDS SHELL SHELLOPTS SHLVL SRANDOM SYSTEMROOT TEMP TERM TIMEFORMAT TMOUT
	TMP TMPDIR TOPOLOGY_DIR TZ UID USER USERNAME USERPROFILE VISUAL WINDIR ZDOTDIR _`)

// reservedPrefixes begin the names of whole families of them. CTX_ is that of the contexts in the READMEs.
var reservedPrefixes = []string{
	"BASH_", "COMP_", "CTX_", "CUE_", "DYLD_", "ISTIOCTL_", "KUBECTL_", "KUBERNETES_SERVICE_", "LC_", "LD_", "SSL_CERT_", "XDG_",
}

// checkVariables reports variables whose names are taken. Lower case does not make another name of a proxy or, on
// Windows, of any variable.
func (t mesh) checkVariables(found *diag.List) {
	for _, c := range t.Clusters {
		if c.Credential != nil {
			t.checkVariable(c.Credential.Private.Env, schema.PrivatePath(c, "env"), found)
		}
		if c.Intermediate != nil {
			t.checkVariable(c.Intermediate.Key.Env, schema.ClusterPath(c, "intermediate", "key", "env"), found)
		}
	}
}

func (t mesh) checkVariable(name string, path []string, found *diag.List) {
	if t.Given(path...) && !t.Unsure(path...) && isReserved(name) {
		found.Add(t.Pos(path...), reservedVariable, "the variable %s belongs to the shell, or to a command of the rendered READMEs", name)
	}
}

func isReserved(name string) bool {
	name = strings.ToUpper(name)
	return slices.Contains(reservedVariables, name) ||
		slices.ContainsFunc(reservedPrefixes, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
}
