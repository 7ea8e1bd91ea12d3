#Requires -Version 5.1
# Is this laptop (Windows) routed through PromptGuard? Run it as the person, in a new terminal. It changes nothing.
#
#   powershell -ExecutionPolicy Bypass -File FILE [-Service HOST]
#
# ok: as it should be. BAD: what is wrong, and what to do. Status 1 if anything is BAD.
# It asks the service for its start page, from each runtime that is installed, and sends nothing else.
param([string]$Service = '@@HOST@@')
$ErrorActionPreference = 'Continue'
$Url = "https://$Service/"
$Proxy = '@@PROXY_URL@@'
$Pac = '@@PAC@@'
# HTTPS_PROXY may have credentials before the proxy's name, which are printed nowhere.
$Named = "$env:HTTPS_PROXY" -replace '^([a-z]+://).*@', '$1'
$Credentials = ''
if ($Named -eq $Proxy -and $env:HTTPS_PROXY -ne $Proxy) {
    $pair = [Uri]::UnescapeDataString(($env:HTTPS_PROXY -replace '^[a-z]+://(.*)@.*$', '$1'))
    $Credentials = 'Proxy-Authorization: Basic ' + [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($pair)) + "`r`n"
}
$script:Answer = ''
$Nowhere = 'http://127.0.0.1:9'
$script:Status = 0

function Write-Ok([string]$Subject, [string]$Text) { Write-Output ('ok   {0,-14} {1}' -f $Subject, $Text) }
function Write-Bad([string]$Subject, [string]$Text) {
    Write-Output ('BAD  {0,-14} {1}' -f $Subject, $Text)
    $script:Status = 1
}
function Test-Command([string]$Name) { return [bool](Get-Command $Name -CommandType Application -ErrorAction SilentlyContinue) }

# The issuer of the certificate that is shown for the service: through the proxy, or directly. Empty if nothing answers.
function Get-Issuer([bool]$Directly) {
    $client = New-Object Net.Sockets.TcpClient
    try {
        $target = [Uri]$Proxy
        if ($Directly) { $target = [Uri]$Url }
        if (-not $client.ConnectAsync($target.DnsSafeHost, $target.Port).Wait(15000)) { return $null }
        $stream = $client.GetStream()
        $stream.ReadTimeout = 15000
        $accept = [Net.Security.RemoteCertificateValidationCallback] { $true }
        if (-not $Directly) {
            if ($target.Scheme -eq 'https') {
                $stream = New-Object Net.Security.SslStream $stream, $false, $accept
                $stream.AuthenticateAsClient($target.DnsSafeHost)
            }
            $ask = [Text.Encoding]::ASCII.GetBytes("CONNECT ${Service}:443 HTTP/1.1`r`nHost: ${Service}:443`r`n$Credentials`r`n")
            $stream.Write($ask, 0, $ask.Length)
            $head = ''
            while (-not $head.EndsWith("`r`n`r`n")) {
                $byte = $stream.ReadByte()
                if ($byte -lt 0) { return $null }
                $head += [char]$byte
            }
            $script:Answer = $head.Substring(9, 3)
            if ($script:Answer -ne '200') { return $null }
        }
        $secure = New-Object Net.Security.SslStream $stream, $false, $accept
        $secure.AuthenticateAsClient($Service)
        return $secure.RemoteCertificate.Issuer
    } catch {
        return $null
    } finally {
        $client.Dispose()
    }
}

$Ours = (New-Object Security.Cryptography.X509Certificates.X509Certificate2 (, [Convert]::FromBase64String('@@BASE64@@'))).Subject

$issuer = Get-Issuer $false
if ($issuer -eq $Ours) {
    Write-Ok 'proxy' "$Proxy answers for $Service with its CA"
} elseif ($issuer) {
    Write-Bad 'proxy' "$Proxy answers for $Service with another CA: make the kit anew"
} elseif ($script:Answer -eq '407' -and -not $Credentials) {
    Write-Bad 'proxy' "$Proxy asks who this is: name user and password in HTTPS_PROXY, as README.txt says"
} elseif ($script:Answer -eq '407') {
    Write-Bad 'proxy' "$Proxy does not take the user and password in HTTPS_PROXY"
} elseif ($script:Answer -eq '429') {
    Write-Bad 'proxy' "$Proxy has this laptop wait, because of wrong passwords"
} elseif ($script:Answer -eq '503') {
    Write-Bad 'proxy' "$Proxy cannot ask the directory who this is (status 503)"
} elseif ($script:Answer) {
    Write-Bad 'proxy' "$Proxy turns this laptop away (status $($script:Answer))"
} else {
    Write-Bad 'proxy' "$Proxy is not reached"
}
$issuer = Get-Issuer $true
if ($issuer -and $issuer -ne $Ours) {
    Write-Bad 'past the proxy' "$Service is reached directly: block TCP and UDP port 443 at the firewall"
} else {
    Write-Ok 'past the proxy' "$Service is not reached directly"
}
if ($Pac) {
    $text = ''
    try { $text = (New-Object Net.WebClient).DownloadString($Pac) } catch { $text = '' }
    if ($text.Contains('FindProxyForURL')) { Write-Ok 'PAC file' $Pac } else { Write-Bad 'PAC file' "$Pac is not served" }
}

if ($Named -eq $Proxy) {
    Write-Ok 'variables' 'HTTPS_PROXY names the proxy'
} else {
    Write-Bad 'variables' "HTTPS_PROXY does not name ${Proxy}: run the machine's script, then sign out and in"
}
foreach ($name in "$env:NO_PROXY".Split(',')) {
    $domain = $name.Trim().TrimStart('*').TrimStart('.')
    if ($name.Trim() -eq '*' -or ($domain -and ".$Service".EndsWith(".$domain"))) {
        Write-Bad 'variables' "NO_PROXY lets $Service go past the proxy: take $name out"
    }
}

if (Test-Path -LiteralPath 'Cert:\LocalMachine\Root\@@THUMBPRINT@@') {
    Write-Ok 'system store' 'holds the CA: Edge, Chrome, Go, .NET and others trust it'
} else {
    Write-Bad 'system store' 'does not hold the CA: Edge, Chrome, Go, .NET and others fail for AI services'
}

# Tried as it is, and with a proxy that is none.
function Test-Runtime([string]$Name, [string]$Hint, [scriptblock]$Ask) {
    $said = (& $Ask $false 2>&1 | Out-String)
    if ($LASTEXITCODE -ne 0) {
        if ($said -match 'certificate|PKIX|SSL|self.signed|CRYPT_E|SEC_E') { Write-Bad $Name "does not trust the CA: $Hint" }
        else { Write-Bad $Name "does not reach ${Service}: $Hint" }
        return
    }
    $before = $env:HTTPS_PROXY
    $env:HTTPS_PROXY = $Nowhere
    & $Ask $true 2>&1 | Out-Null
    $ignores = $LASTEXITCODE -eq 0
    $env:HTTPS_PROXY = $before
    if ($ignores) { Write-Bad $Name "takes no notice of the proxy: $Hint" }
    elseif ($Named -ne $Proxy) { Write-Bad $Name "reaches $Service, but not through $Proxy" }
    else { Write-Ok $Name 'is routed, and trusts the CA' }
}

if (Test-Command 'curl.exe') {
    Test-Runtime 'curl' 'HTTPS_PROXY has to name the proxy' { & curl.exe -sS -o NUL --max-time 15 $Url }
}
if (Test-Command 'python.exe') {
    $code = 'import sys, urllib.error as e, urllib.request as r; c = type(str(), (r.HTTPErrorProcessor,), dict(http_response=lambda s, q, a: a, https_response=lambda s, q, a: a)); r.build_opener(c).open(sys.argv[1], timeout=15)'
    Test-Runtime 'Python' 'SSL_CERT_FILE has to name a list with the CA, HTTPS_PROXY the proxy' { & python.exe -c $code $Url }
}
if (Test-Command 'node.exe') {
    $code = 'fetch(process.argv[1]).then(() => process.exit(0), e => { console.error(String(e.cause && e.cause.code)); process.exit(1) })'
    Test-Runtime 'Node' 'NODE_EXTRA_CA_CERTS has to name the CA, NODE_USE_ENV_PROXY be 1, and Node be 24 or later' { & node.exe -e $code $Url }
}

foreach ($browser in 'Google\Chrome', 'Microsoft\Edge', 'BraveSoftware\Brave') {
    if (-not (Test-Path "HKLM:\Software\$browser") -and -not (Test-Path "HKLM:\Software\WOW6432Node\$browser")) { continue }
    $key = Get-Item -LiteralPath "HKLM:\Software\Policies\$browser" -ErrorAction SilentlyContinue
    if ($null -ne $key -and $key.GetValue('QuicAllowed') -eq 0 -and $key.GetValue('ProxySettings')) { Write-Ok $browser 'has its policies' }
    else { Write-Bad $browser 'has no policy against QUIC and ways past the proxy' }
}
if (Test-Path 'HKLM:\Software\Mozilla\Mozilla Firefox') {
    if (Test-Path 'HKLM:\Software\Policies\Mozilla\Firefox\Proxy') { Write-Ok 'Firefox' 'has its policies' }
    else { Write-Bad 'Firefox' 'has no policy against HTTP/3 and ways past the proxy' }
}
exit $script:Status
