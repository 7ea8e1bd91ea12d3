#Requires -Version 5.1
# Installs PromptGuard for this machine, and makes its service. Any number of times; -Remove undoes it.
#
#   powershell -ExecutionPolicy Bypass -File install.ps1                            from this folder: the offline bundle
#   powershell -ExecutionPolicy Bypass -File install.ps1 -From promptguard          from your package index
#   powershell -ExecutionPolicy Bypass -File install.ps1 -Remove                    configuration, record, keys and CA stay
#
# Run it as an administrator. It needs Python 3.13 (-Version 3.12: that), installed for all users and found by py.exe;
# or -Python names its python.exe.
param(
    [string]$Program = (Join-Path $env:ProgramFiles 'PromptGuard'),
    [string]$Folder = '',
    [string]$Version = '3.13',
    [string]$Python = '',
    [string]$From = '',
    [switch]$NoStart,
    [switch]$Remove
)
$ErrorActionPreference = 'Stop'
$Here = $PSScriptRoot
$Command = Join-Path $Program 'Scripts\promptguard.exe'
$Interpreter = Join-Path $Program 'Scripts\python.exe'

function Stop-Here([string]$Text) {
    [Console]::Error.WriteLine($Text)
    exit 1
}

# Windows PowerShell takes what a program says on its error stream for an error.
function Invoke-Program([string]$Path, [string[]]$Arguments) {
    $ErrorActionPreference = 'Continue'
    & $Path @Arguments
    if ($LASTEXITCODE -ne 0) { Stop-Here "$Path ended with status ${LASTEXITCODE}: $($Arguments -join ' ')" }
}

# What was packed, each file with its SHA-256, as `sha256sum` writes them.
function Test-Bundle {
    foreach ($line in Get-Content -LiteralPath (Join-Path $Here 'SHA256SUMS')) {
        $wanted, $name = $line -split '  ', 2
        $path = Join-Path $Here $name
        if (-not (Test-Path -LiteralPath $path)) { Stop-Here "$name is missing: nothing was installed." }
        $found = (Get-FileHash -LiteralPath $path -Algorithm SHA256).Hash
        if ($found -ne $wanted) { Stop-Here "$name is not what was packed: nothing was installed." }
    }
}

$administrators = New-Object Security.Principal.SecurityIdentifier 'S-1-5-32-544'
$who = New-Object Security.Principal.WindowsPrincipal ([Security.Principal.WindowsIdentity]::GetCurrent())
if (-not $who.IsInRole($administrators)) { Stop-Here 'Run this as an administrator: it makes a service.' }

if ($Remove) {
    if (Test-Path -LiteralPath $Command) {
        Invoke-Program $Command @('service', 'remove', '--yes')
        Remove-Item -LiteralPath $Program -Recurse -Force
    }
    Write-Output 'Removed. Configuration, record, keys and CA stay.'
    exit 0
}

# The program is replaced as a whole: its service is not to run meanwhile, and starts with the new one.
if ((Test-Path -LiteralPath $Command) -and (Get-Service -Name 'PromptGuard' -ErrorAction SilentlyContinue)) {
    Invoke-Program $Command @('service', 'stop')
}
$pip = @('-m', 'pip', '--quiet', '--disable-pip-version-check', 'install')
if ($From -eq '') {
    if (-not (Test-Path -LiteralPath (Join-Path $Here 'SHA256SUMS'))) {
        Stop-Here 'This folder is no offline bundle. Say where PromptGuard comes from: -From promptguard, or -From a wheel.'
    }
    Test-Bundle
}
$venv = @('-m', 'venv', '--clear', $Program)
if ($Python -ne '') { Invoke-Program $Python $venv } else { Invoke-Program 'py.exe' (@("-$Version") + $venv) }
if ($From -eq '') {
    $local = $pip + @('--no-index', '--find-links', (Join-Path $Here 'wheels'), '--no-deps')
    Invoke-Program $Interpreter ($local + @('--require-hashes', '--requirement', (Join-Path $Here 'requirements.txt')))
    Invoke-Program $Interpreter ($local + @('promptguard'))
} else {
    Invoke-Program $Interpreter ($pip + @($From))
}
Invoke-Program $Command @('prepare') # for this processor; else the service would do so at its first start
$made = @('service', 'install')
if ($Folder -ne '') { $made += @('--folder', $Folder) }
Invoke-Program $Command $made
if (-not $NoStart) { Invoke-Program $Command @('service', 'start') }
