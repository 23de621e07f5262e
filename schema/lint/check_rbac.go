package lint

import (
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/rbac"
)

var rbacGroup = group{rules: []*diag.Rule{rbac.ReaderLacksRights, rbac.ReaderIsAdmin, rbac.ReaderInNamespace}}
