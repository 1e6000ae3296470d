{{- define "roster.name" -}}
{{- printf "%s-roster" .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- end -}}

{{- define "roster.selector" -}}
app.kubernetes.io/name: roster
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "roster.labels" -}}
{{ include "roster.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "roster.image" -}}
{{- required "image.repository is missing: build an image by the Dockerfile of Roster and give where it is" .Values.image.repository -}}
:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}

{{- define "roster.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
# the secrets belong to this group
fsGroup: 1000
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "roster.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* Settings that the server and the migration share. */}}
{{- define "roster.environment" -}}
- name: ROSTER_DATABASE_URL_FILE
  value: /run/secrets/roster/database-url
- name: ROSTER_SECRET_KEY_FILE
  value: /run/secrets/roster/secret-key
- name: ROSTER_BASE_URL
  value: {{ required "baseUrl is missing: give the URL that clients reach Roster at" .Values.baseUrl | quote }}
{{- range $name, $value := .Values.settings }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end -}}

{{- define "roster.volumes" -}}
- name: secrets
  projected:
    defaultMode: 288 # 0440
    sources:
      - secret:
          name: {{ .Values.database.existingSecret | default (include "roster.name" .) }}
          items:
            - key: {{ if .Values.database.existingSecret }}{{ .Values.database.existingSecretKey }}{{ else }}database-url{{ end }}
              path: database-url
      - secret:
          name: {{ .Values.secretKey.existingSecret | default (include "roster.name" .) }}
          items:
            - key: {{ if .Values.secretKey.existingSecret }}{{ .Values.secretKey.existingSecretKey }}{{ else }}secret-key{{ end }}
              path: secret-key
{{- with .Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "roster.volumeMounts" -}}
- name: secrets
  mountPath: /run/secrets/roster
  readOnly: true
{{- with .Values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end -}}
