#Requires -Version 5.1
# PromptGuard for the person who runs this (Windows): editors, JetBrains IDEs, Docker's client, and WSL.
#
#   powershell -ExecutionPolicy Bypass -File FILE apply    adds marked lines to settings, or makes them
#   powershell -ExecutionPolicy Bypass -File FILE undo     takes them away
#
# Run it at sign-in, as the person. What says otherwise already is left alone and named; it then ends with status 1.
param([ValidateSet('apply', 'undo')][string]$Action = '@@ACTION@@')
$ErrorActionPreference = 'Stop'
$Begin = '// PromptGuard: begin. Do not edit; `undo` of its script removes these lines.'
$End = '// PromptGuard: end.'
$script:Status = 0

$EditorLines = @'
@@EDITOR@@
'@
$JetBrains = @'
@@JETBRAINS@@
'@
$Docker = @'
@@DOCKER@@
'@

function Complain([string]$Text) {
    [Console]::Error.WriteLine($Text)
    $script:Status = 1
}

function Write-Text([string]$Path, [string]$Text) {
    New-Item -ItemType Directory -Force -Path (Split-Path -Path $Path -Parent) | Out-Null
    [IO.File]::WriteAllText($Path, $Text, (New-Object Text.UTF8Encoding $false))
}

# One file of JSON with comments: our lines behind its first brace.
function Set-Lines([string]$Path) {
    $text = ''
    if (Test-Path -LiteralPath $Path) { $text = [IO.File]::ReadAllText($Path) }
    $block = '\n' + [regex]::Escape($Begin) + '(.|\n)*?' + [regex]::Escape($End)
    $rest = [regex]::Replace($text, "\r?$block", '')
    if ($Action -eq 'undo') {
        if ($rest -ceq "{`n}`n") { Remove-Item -LiteralPath $Path } elseif ($rest -cne $text) { Write-Text $Path $rest }
        return
    }
    if ($rest.Trim() -eq '') { $rest = "{`n}`n" }
    if ($rest.Contains('"http.proxy"')) {
        Complain "$Path names a proxy already: left as it is. It should say @@PROXY_URL@@."
        return
    }
    $brace = [regex]::Match($rest, '(?m)^(?![ \t]*//)[^\n{]*\{') # not one in a comment
    if (-not $brace.Success) {
        Complain "$Path is no JSON: left as it is."
        return
    }
    $at = $brace.Index + $brace.Length
    $lines = $EditorLines -replace "`r", ''
    $new = $rest.Insert($at, "`n$Begin`n$lines`n$End")
    if ($new -cne $text) { Write-Text $Path $new }
}

# One file of our own.
function Set-Whole([string]$Path, [string]$Text) {
    $there = Test-Path -LiteralPath $Path
    $same = $there -and ([IO.File]::ReadAllText($Path) -ceq $Text)
    if ($Action -eq 'undo') {
        if ($same) { Remove-Item -LiteralPath $Path }
    } elseif (-not $there) {
        Write-Text $Path $Text
    } elseif (-not $same) {
        Complain "$Path is there already: left as it is. It would hold:`n$Text"
    }
}

foreach ($editor in 'Code', 'Code - Insiders', 'VSCodium', 'Cursor', 'Windsurf') {
    $folder = Join-Path $env:APPDATA $editor
    $settings = Join-Path $folder 'User\settings.json'
    if ((Test-Path -LiteralPath $folder) -and ($Action -eq 'apply' -or (Test-Path -LiteralPath $settings))) { Set-Lines $settings }
}
foreach ($ide in Get-ChildItem (Join-Path $env:APPDATA 'JetBrains\*.*'), (Join-Path $env:APPDATA 'Google\AndroidStudio*') -Directory -ErrorAction SilentlyContinue) {
    Set-Whole (Join-Path $ide.FullName 'options\proxy.settings.xml') $JetBrains
}
if ((Get-Command docker.exe -ErrorAction SilentlyContinue) -or $Action -eq 'undo') {
    Set-Whole (Join-Path $env:USERPROFILE '.docker\config.json') $Docker
}

# Each Linux beside Windows is a machine of its own; the script for it lies beside this one.
$linux = 'promptguard-machine.sh'
if ((Get-Command wsl.exe -ErrorAction SilentlyContinue) -and (Test-Path -LiteralPath (Join-Path $PSScriptRoot $linux))) {
    $env:WSL_UTF8 = '1'
    Push-Location $PSScriptRoot
    foreach ($name in (wsl.exe --list --quiet)) {
        if ($name -and $name -notlike 'docker-desktop*') {
            wsl.exe -d $name -u root '--' sh "./$linux" $Action
            if ($LASTEXITCODE -ne 0) { Complain "The script for $name ended with status $LASTEXITCODE." }
        }
    }
    Pop-Location
}
exit $script:Status
