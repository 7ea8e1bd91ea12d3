#Requires -Version 5.1
# PromptGuard on this machine (Windows): its CA, the proxy, and the policies of browsers, runtimes and agents.
#
#   powershell -ExecutionPolicy Bypass -File FILE apply    puts all of it in place; once more mends what is missing
#   powershell -ExecutionPolicy Bypass -File FILE undo     takes away what it put there
#   powershell -ExecutionPolicy Bypass -File FILE check    status 1 where something is missing; changes nothing
#
# Run it as an administrator, or as the system. What others have set it leaves alone and names; it then ends with status 1.
param([ValidateSet('apply', 'undo', 'check')][string]$Action = '@@ACTION@@')
$ErrorActionPreference = 'Stop'

# Device management may start a 32-bit PowerShell, which sees another registry.
if ([Environment]::Is64BitOperatingSystem -and -not [Environment]::Is64BitProcess) {
    & "$env:SystemRoot\SysNative\WindowsPowerShell\v1.0\powershell.exe" -NoProfile -ExecutionPolicy Bypass -File $PSCommandPath $Action
    exit $LASTEXITCODE
}

$Place = Join-Path $env:ProgramData 'PromptGuard'
$Memory = Join-Path $Place 'made.json'
$Certificate = Join-Path $Place 'ca.pem'
$Bundle = Join-Path $Place 'bundle.pem'
$JavaStore = Join-Path $Place 'java-cacerts'
$Thumbprint = '@@THUMBPRINT@@'
$Environment = 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager\Environment'
$ClaudeCode = Join-Path $env:ProgramFiles 'ClaudeCode\managed-settings.d\60-promptguard.json'
$script:Status = 0

$Pem = @'
@@PEM@@
'@

$ClaudeCodeSettings = @'
@@CLAUDE_CODE@@
'@

# What goes into the registry: path, name, type and value.
$Wanted = @'
@@VALUES@@
'@ | ConvertFrom-Json

function Complain([string]$Text) {
    [Console]::Error.WriteLine($Text)
    $script:Status = 1
}

# What was made: the certificate, registry values, and keys, in the order in which they came.
function Read-Memory {
    if (Test-Path -LiteralPath $Memory) { return Get-Content -LiteralPath $Memory -Raw | ConvertFrom-Json }
    return [pscustomobject]@{ certificate = $false; values = @(); keys = @() }
}

function Get-Value([string]$Path, [string]$Name) {
    $key = Get-Item -LiteralPath $Path -ErrorAction SilentlyContinue
    if ($null -eq $key) { return $null }
    return $key.GetValue($Name, $null, 'DoNotExpandEnvironmentNames')
}

function Test-Same($First, $Second) {
    return ($null -ne $First) -and ((@($First) -join "`0") -ceq (@($Second) -join "`0"))
}

function Add-Key([string]$Path, $Made) {
    if (Test-Path -LiteralPath $Path) { return }
    Add-Key (Split-Path -Path $Path -Parent) $Made
    New-Item -Path $Path | Out-Null
    $Made.keys += $Path
}

function Set-Wanted($Value, $Made) {
    $now = Get-Value $Value.path $Value.name
    if (Test-Same $now $Value.value) { return }
    $ours = @($Made.values | Where-Object { $_.path -eq $Value.path -and $_.name -eq $Value.name })
    if ($null -ne $now -and -not ($ours | Where-Object { Test-Same $now $_.value })) {
        Complain "$($Value.path)\$($Value.name) is set already, and not from here: left as it is. It would be: $($Value.value)"
        return
    }
    Add-Key $Value.path $Made
    New-ItemProperty -LiteralPath $Value.path -Name $Value.name -PropertyType $Value.type -Value $Value.value -Force | Out-Null
    $Made.values = @($Made.values | Where-Object { $_.path -ne $Value.path -or $_.name -ne $Value.name }) + $Value
}

function ConvertTo-Pem($One) {
    $text = [Convert]::ToBase64String($One.RawData, 'InsertLineBreaks') -replace "`r", ''
    return "-----BEGIN CERTIFICATE-----`n$text`n-----END CERTIFICATE-----`n"
}

function Write-Text([string]$Path, [string]$Text) {
    New-Item -ItemType Directory -Force -Path (Split-Path -Path $Path -Parent) | Out-Null
    [IO.File]::WriteAllText($Path, ($Text -replace "`r", ''), (New-Object Text.UTF8Encoding $false))
}

# Windows fetches most of its roots when it meets them, so its store alone is no whole list.
function Get-Roots {
    $roots = New-Object Security.Cryptography.X509Certificates.X509Certificate2Collection
    $list = Join-Path $Place 'roots.sst'
    & certutil.exe -f -generateSSTFromWU $list 2>&1 | Out-Null
    if ($LASTEXITCODE -eq 0 -and (Test-Path -LiteralPath $list)) { $roots.Import($list) }
    Remove-Item -LiteralPath $list -ErrorAction SilentlyContinue
    Get-ChildItem 'Cert:\LocalMachine\Root', 'Cert:\LocalMachine\AuthRoot' | ForEach-Object { $roots.Add($_) | Out-Null }
    return $roots | Sort-Object -Property Thumbprint -Unique
}

function New-JavaStore {
    $folders = @($env:JAVA_HOME)
    foreach ($vendor in 'Java', 'Eclipse Adoptium', 'Microsoft', 'Amazon Corretto', 'Zulu') {
        $folders += Get-ChildItem (Join-Path $env:ProgramFiles $vendor) -Directory -ErrorAction SilentlyContinue | ForEach-Object FullName
    }
    foreach ($folder in $folders) {
        if (-not $folder) { continue }
        $keytool = Join-Path $folder 'bin\keytool.exe'
        $theirs = Join-Path $folder 'lib\security\cacerts'
        if (-not ((Test-Path -LiteralPath $keytool) -and (Test-Path -LiteralPath $theirs))) { continue }
        Remove-Item -LiteralPath $JavaStore -ErrorAction SilentlyContinue
        # Windows PowerShell takes what a program says on its error stream for an error.
        $ErrorActionPreference = 'Continue'
        & $keytool -importkeystore -noprompt -srckeystore $theirs -srcstorepass changeit -destkeystore $JavaStore -deststoretype JKS -deststorepass changeit 2>&1 | Out-Null
        & $keytool -importcert -noprompt -alias promptguard -file $Certificate -keystore $JavaStore -storepass changeit 2>&1 | Out-Null
        $done = $LASTEXITCODE
        $ErrorActionPreference = 'Stop'
        if ($done -eq 0) { return $true }
    }
    return $false
}

function Get-Variables {
    foreach ($each in $Wanted | Where-Object { $_.path -eq 'environment' }) {
        $value = $each.value.Replace('%CERTIFICATE%', $Certificate).Replace('%BUNDLE%', $Bundle)
        if ($each.name -eq 'JAVA_TOOL_OPTIONS' -and (Test-Path -LiteralPath $JavaStore)) {
            $value += " -Djavax.net.ssl.trustStore=$JavaStore"
        }
        [pscustomobject]@{ path = $Environment; name = $each.name; type = 'String'; value = $value }
    }
}

# Programs that are started from now on see what the registry says.
function Send-EnvironmentChange {
    [Environment]::SetEnvironmentVariable('PROMPTGUARD_CLIENT', $null, 'Machine')
}

# Anybody may make folders in ProgramData, and who owns this one could change what all programs of the machine trust.
function Test-Place {
    $folder = Get-Item -LiteralPath $Place -Force -ErrorAction SilentlyContinue
    if ($null -eq $folder) { return }
    $owner = (Get-Acl -LiteralPath $Place).GetOwner([Security.Principal.SecurityIdentifier]).Value
    $trusted = 'S-1-5-18', 'S-1-5-32-544' # the system, and its administrators
    if (($folder.Attributes -band [IO.FileAttributes]::ReparsePoint) -or ($trusted -notcontains $owner)) {
        [Console]::Error.WriteLine("$Place was made by somebody else than an administrator: remove it, then run this again.")
        exit 1
    }
}

# All may read there, administrators and the system alone write.
function Protect-Place {
    New-Item -ItemType Directory -Force -Path $Place | Out-Null
    $access = New-Object Security.AccessControl.DirectorySecurity
    $access.SetSecurityDescriptorSddlForm('O:BAG:BAD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)')
    Set-Acl -LiteralPath $Place -AclObject $access
}

function Invoke-Apply {
    Test-Place
    Protect-Place
    $made = Read-Memory
    try {
        if (-not (Test-Path -LiteralPath "Cert:\LocalMachine\Root\$Thumbprint")) {
            Write-Text $Certificate $Pem
            $store = New-Object Security.Cryptography.X509Certificates.X509Store 'Root', 'LocalMachine'
            $store.Open('ReadWrite')
            $store.Add((New-Object Security.Cryptography.X509Certificates.X509Certificate2 $Certificate))
            $store.Close()
            $made.certificate = $true
        }
        Write-Text $Certificate $Pem
        Write-Text $Bundle (((Get-Roots | ForEach-Object { ConvertTo-Pem $_ }) -join '') + $Pem + "`n")
        New-JavaStore | Out-Null
        Write-Text $ClaudeCode $ClaudeCodeSettings
        foreach ($value in @($Wanted | Where-Object { $_.path -ne 'environment' }) + @(Get-Variables)) { Set-Wanted $value $made }
    } finally {
        Write-Text $Memory (ConvertTo-Json -InputObject $made -Depth 5)
    }
    Send-EnvironmentChange
}

function Invoke-Undo {
    Test-Place
    $made = Read-Memory
    foreach ($value in @($made.values)) {
        $now = Get-Value $value.path $value.name
        if (Test-Same $now $value.value) {
            Remove-ItemProperty -LiteralPath $value.path -Name $value.name
        } elseif ($null -ne $now) {
            Complain "$($value.path)\$($value.name) was changed since: left as it is."
        }
    }
    $keys = @($made.keys)
    [array]::Reverse($keys)
    foreach ($path in $keys) {
        $key = Get-Item -LiteralPath $path -ErrorAction SilentlyContinue
        if ($null -ne $key -and $key.ValueCount -eq 0 -and $key.SubKeyCount -eq 0) { Remove-Item -LiteralPath $path }
    }
    if ($made.certificate) { Remove-Item -LiteralPath "Cert:\LocalMachine\Root\$Thumbprint" -ErrorAction SilentlyContinue }
    foreach ($path in $ClaudeCode, $Certificate, $Bundle, $JavaStore, $Memory) {
        Remove-Item -LiteralPath $path -ErrorAction SilentlyContinue
    }
    foreach ($folder in (Split-Path $ClaudeCode), (Split-Path (Split-Path $ClaudeCode)), $Place) {
        if ((Test-Path -LiteralPath $folder) -and -not (Get-ChildItem -LiteralPath $folder -Force)) { Remove-Item -LiteralPath $folder }
    }
    Send-EnvironmentChange
}

function Test-Applied {
    if (-not (Test-Path -LiteralPath "Cert:\LocalMachine\Root\$Thumbprint")) { Complain 'The CA is not trusted.' }
    foreach ($value in @($Wanted | Where-Object { $_.path -ne 'environment' }) + @(Get-Variables)) {
        if (-not (Test-Same (Get-Value $value.path $value.name) $value.value)) { Complain "$($value.path)\$($value.name) is not as it should be." }
    }
    foreach ($path in $ClaudeCode, $Certificate, $Bundle) {
        if (-not (Test-Path -LiteralPath $path)) { Complain "$path is missing." }
    }
}

switch ($Action) {
    'apply' { Invoke-Apply }
    'undo' { Invoke-Undo }
    'check' { Test-Applied }
}
exit $script:Status
