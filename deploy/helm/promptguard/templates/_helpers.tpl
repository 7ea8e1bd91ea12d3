{{/* Of release and chart one name, as Helm's own charts do it. */}}
{{- define "promptguard.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{/* Labels that pods are chosen by. Takes a dict of `root` and `component`. */}}
{{- define "promptguard.selector" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "promptguard.labels" -}}
{{ include "promptguard.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name (.root.Chart.Version | replace "+" "_") }}
{{- end }}

{{- define "promptguard.image" -}}
{{- with .Values.image }}{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}{{ end }}
{{- end }}

{{/* promptguard.yaml: what the company says, and over it what the chart has to say. */}}
{{- define "promptguard.settings" -}}
{{- $values := .Values }}
{{- $own := dict "listen" "0.0.0.0:8080" "monitoring" (dict "listen" "0.0.0.0:9464") "names" (dict "workers" (int $values.proxy.namesWorkers)) "proxy" (dict "processes" (int $values.proxy.processes) "drain_s" (int $values.proxy.drainSeconds)) }}
{{- if $values.console.enabled }}
{{- $_ := set $own "console" (dict "listen" "0.0.0.0:8443" "hosts" $values.console.hosts "certificate" "/run/secrets/console/tls.crt" "key" "/run/secrets/console/tls.key") }}
{{- end }}
{{- if $values.pac.enabled }}
{{- $_ := set $own "pac" (dict "listen" (printf "0.0.0.0:%d" (int $values.pac.port)) "proxies" $values.pac.proxies) }}
{{- end }}
{{- if $values.evidence.existingSecret }}
{{- $_ := set $own "evidence" (dict "public_keys" "/run/secrets/evidence/evidence.pub.pem") }}
{{- end }}
{{- $identity := dict "allow_unknown_clients" $values.identity.allowUnknownClients }}
{{- if $values.identity.htpasswdSecret }}
{{- $_ := set $identity "htpasswd" "/run/secrets/identity/users.htpasswd" }}
{{- end }}
{{- $_ := set $own "identity" $identity }}
{{- toYaml (mergeOverwrite (deepCopy $values.settings) $own) }}
{{- end }}

{{/* The key of a file in the ConfigMap: its keys have no slashes. */}}
{{- define "promptguard.key" -}}{{ . | replace "/" "__" }}{{- end }}

{{- define "promptguard.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "promptguard.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{/* Puts the keys into the data folder, readable by their user alone: files of a mounted Secret are readable by a group. */}}
{{- define "promptguard.keysContainer" -}}
- name: keys
  image: {{ include "promptguard.image" .root }}
  imagePullPolicy: {{ .root.Values.image.pullPolicy }}
  command: [sh, -euc]
  args:
    - |
      umask 077
      mkdir -p /var/lib/promptguard/keys{{ if eq .component "proxy" }} /var/lib/promptguard/ca{{ end }}
      install -m 600 /run/secrets/master/master.key /var/lib/promptguard/keys/master.key
      {{- if eq .component "proxy" }}
      install -m 600 /run/secrets/ca/{{ .root.Values.ca.key }} /var/lib/promptguard/ca/mitmproxy-ca.pem
      # What laptops trust, while an older CA has signed this one too.
      rm -f /var/lib/promptguard/ca/anchor.pem
      [ ! -e /run/secrets/ca/anchor.pem ] || install -m 600 /run/secrets/ca/anchor.pem /var/lib/promptguard/ca/anchor.pem
      {{- end }}
  securityContext: {{- include "promptguard.containerSecurity" . | nindent 4 }}
  resources:
    requests: {cpu: 10m, memory: 16Mi}
    limits: {memory: 64Mi}
  volumeMounts:
    - {name: data, mountPath: /var/lib/promptguard}
    - {name: master, mountPath: /run/secrets/master, readOnly: true}
    {{- if eq .component "proxy" }}
    - {name: ca, mountPath: /run/secrets/ca, readOnly: true}
    {{- end }}
{{- end }}

{{- define "promptguard.environment" -}}
- name: PROMPTGUARD_DATABASE
  valueFrom:
    secretKeyRef: {name: {{ .root.Values.database.existingSecret }}, key: {{ .root.Values.database.key }}}
{{- with .extra }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* What proxy and console mount alike. Both read the whole configuration, and so the files that it names. */}}
{{- define "promptguard.mounts" -}}
- {name: data, mountPath: /var/lib/promptguard}
- {name: tmp, mountPath: /tmp}
- {name: configuration, mountPath: /etc/promptguard/promptguard.yaml, subPath: promptguard.yaml, readOnly: true}
{{- range $path, $_ := .Values.files }}
- {name: configuration, mountPath: /etc/promptguard/{{ $path }}, subPath: {{ include "promptguard.key" $path }}, readOnly: true}
{{- end }}
{{- if .Values.console.enabled }}
- {name: console-tls, mountPath: /run/secrets/console, readOnly: true}
{{- end }}
{{- if .Values.evidence.existingSecret }}
- {name: evidence, mountPath: /run/secrets/evidence, readOnly: true}
{{- end }}
{{- if .Values.identity.htpasswdSecret }}
- {name: identity, mountPath: /run/secrets/identity, readOnly: true}
{{- end }}
{{- end }}

{{- define "promptguard.volumes" -}}
- name: tmp
  emptyDir: {sizeLimit: 1Gi}
- name: configuration
  configMap: {name: {{ include "promptguard.name" . }}}
- name: master
  secret:
    secretName: {{ .Values.masterKey.existingSecret }}
    defaultMode: 0440
    items: [{key: {{ .Values.masterKey.key }}, path: master.key}]
{{- if .Values.console.enabled }}
- name: console-tls
  secret: {secretName: {{ .Values.console.tlsSecret }}, defaultMode: 0440}
{{- end }}
{{- with .Values.evidence }}
{{- if .existingSecret }}
- name: evidence
  secret:
    secretName: {{ .existingSecret }}
    defaultMode: 0440
    items: [{key: {{ .key }}, path: evidence.pub.pem}]
{{- end }}
{{- end }}
{{- with .Values.identity }}
{{- if .htpasswdSecret }}
- name: identity
  secret:
    secretName: {{ .htpasswdSecret }}
    defaultMode: 0440
    items: [{key: {{ .htpasswdKey }}, path: users.htpasswd}]
{{- end }}
{{- end }}
{{- end }}

{{/* Where pods run. Takes a dict of `root`, `component` and `place`. */}}
{{- define "promptguard.placing" -}}
serviceAccountName: {{ include "promptguard.name" .root }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .place.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .place.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .place.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .place.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
topologySpreadConstraints:
  {{- range $key := list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ $key }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{- include "promptguard.selector" $ | nindent 8 }}
  {{- end }}
{{- end }}
