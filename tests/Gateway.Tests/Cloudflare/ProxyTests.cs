using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace TokenActors.Gateway.Tests.Cloudflare;

/// <summary>The proxy configurations of the guide, run by the real programs before a real service.</summary>
[Collection("service")]
public sealed class ProxyTests(Service service)
{
    /// <summary>Names that say who it is, which no client may give.</summary>
    private static readonly string[] Forged =
    [
        "X-Token-Id", "X-Token-Kind", "X-Token-Name", "X-Token-Organization", "X-Token-Member", "X-Token-Scope",
        "X-Service-Token",
        "X_Token_Member", "X_Token_Scope", "CF-Access-Service-Token-Id", "CF-Access-Service-Token-Name",
        "CF-Access-Account-Id",
    ];

    private static string Docs => Path.Combine(
        typeof(ProxyTests).Assembly.GetCustomAttributes(typeof(System.Reflection.AssemblyMetadataAttribute), false)
            .Cast<System.Reflection.AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!, "docs", "proxies");

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<string> Fill(string file, int port, int application) => (await File.ReadAllTextAsync(Path.Combine(Docs, file)))
        .Replace("ORGANIZATION", service.OrganizationId).Replace(
            "127.0.0.1:8080", new Uri(service.Http.BaseAddress!, "/").Authority)
        .Replace("127.0.0.1:9000", $"127.0.0.1:{application}").Replace("127.0.0.1:8088", $"127.0.0.1:{port}").Replace(
            "127.0.0.1:8089", $"127.0.0.1:{port}");

    [ProgramFact("nginx")]
    public Task Nginx_lets_in_who_may_and_passes_no_secret_on() => Holds(async (folder, port, application) =>
        await StartNginx(folder, await Fill("nginx.conf", port, application)));

    /// <summary>Envoy asks by the method of the request that it holds.</summary>
    [ProgramFact("nginx")]
    public async Task The_door_of_Envoy_answers_alike_whatever_the_method_and_the_question()
    {
        var folder = Directory.CreateTempSubdirectory("tokenactors-proxy-").FullName;
        var port = FreePort();
        var door = (await Fill("envoy-door.conf", port, port)).Replace("127.0.0.1:8087", $"127.0.0.1:{port}");
        using var proxy = await StartNginx(folder, door);
        _ = proxy.StandardError.ReadToEndAsync();
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(10) };
            await UntilItAnswers(http);
            var made = await service.Create("viewer");
            foreach (var method in new[] { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" })
            {
                using var good = new HttpRequestMessage(new HttpMethod(method), "/orders?organization_id=other&kind=mcp");
                good.Headers.TryAddWithoutValidation("Authorization", "Bearer " + made.Access);
                good.Content = method is "POST" or "PUT" ? new StringContent("{}") : null;
                using var answer = await http.SendAsync(good);
                Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{method}: {answer.StatusCode}");
                Assert.Equal(made.Id, answer.Headers.GetValues("X-Token-Id").Single());
                using var bad = new HttpRequestMessage(new HttpMethod(method), "/orders");
                bad.Headers.TryAddWithoutValidation("Authorization", "Bearer nonsense");
                Assert.Equal(HttpStatusCode.Unauthorized, (await http.SendAsync(bad)).StatusCode);
            }
        }
        finally
        {
            proxy.Kill(entireProcessTree: true);
            await proxy.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<Process> StartNginx(string folder, string server)
    {
        await File.WriteAllTextAsync(
            Path.Combine(folder, "nginx.conf"),
            $$"""
            daemon off; pid {{folder}}/nginx.pid; error_log stderr; worker_processes 1;
            events { }
            http {
              access_log off; client_body_temp_path {{folder}}/b; proxy_temp_path {{folder}}/p; fastcgi_temp_path {{folder}}/f;
              uwsgi_temp_path {{folder}}/u; scgi_temp_path {{folder}}/s;
            {{server}}
            }
            """);
        return Process.Start(new ProcessStartInfo(File.Exists("/usr/sbin/nginx") ? "/usr/sbin/nginx" : "nginx", ["-p", folder, "-c", Path.Combine(folder, "nginx.conf")]) { RedirectStandardError = true })!;
    }

    [ProgramFact("caddy")]
    public Task Caddy_lets_in_who_may_and_passes_no_secret_on() => Holds(async (folder, port, application) =>
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "Caddyfile"), await Fill("Caddyfile", port, application));
        var start = new ProcessStartInfo("caddy", ["run", "--config", Path.Combine(folder, "Caddyfile"), "--adapter", "caddyfile"]) { RedirectStandardError = true };
        start.Environment["XDG_DATA_HOME"] = start.Environment["XDG_CONFIG_HOME"] = start.Environment["HOME"] = folder;
        return Process.Start(start)!;
    });

    /// <summary>As an OAuth resource server that introspects; its answer is the application's.</summary>
    [ProgramFact("apache2", "/usr/lib/apache2/modules/mod_auth_openidc.so")]
    public async Task Apache_with_mod_auth_openidc_lets_in_who_may_and_passes_no_secret_on()
    {
        var folder = Directory.CreateTempSubdirectory("tokenactors-proxy-").FullName;
        using var application = new HttpListener();
        var (port, behind) = (FreePort(), FreePort());
        await using var tls = new TlsRelay(service.Http.BaseAddress!.Port);
        application.Prefixes.Add($"http://127.0.0.1:{behind}/");
        application.Start();
        string[] modules =
        [
            "mpm_event", "authn_core", "authz_core", "authz_user", "headers", "proxy", "proxy_http", "auth_openidc",
        ];
        await File.WriteAllTextAsync(
            Path.Combine(folder, "apache.conf"),
            $"""
            ServerRoot {folder}
            {(Environment.UserName == "root" ? "User www-data\nGroup www-data" : "")}
            ServerName 127.0.0.1
            Listen 127.0.0.1:{port}
            PidFile {folder}/apache.pid
            ErrorLog {folder}/error.log
            Mutex file:{folder} default
            {string.Join('\n', modules.Select(module => $"LoadModule {module}_module /usr/lib/apache2/modules/mod_{module}.so"))}
            OIDCOAuthSSLValidateServer Off
            {(await Fill("apache.conf", port, behind)).Replace("SECRET\n", service.Admin + "\n").Replace("127.0.0.1:8443", $"127.0.0.1:{tls.Port}")}
            """);
        using var proxy = Process.Start(new ProcessStartInfo(
            "/usr/sbin/apache2", ["-D", "FOREGROUND", "-f", Path.Combine(folder, "apache.conf")])
        { RedirectStandardError = true })!;
        _ = proxy.StandardError.ReadToEndAsync();
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(10) };
            await UntilItAnswers(http);
            var made = await service.Create("viewer");
            var passed = await Ask(http, application, ("Authorization", "Bearer " + made.Access));
            Assert.Equal(made.Id, passed["X-Token-Id"]);
            Assert.DoesNotContain(passed.AllKeys, name => passed[name]!.Contains(made.Access));
            await service.Delete($"/v1/tokens/{made.Id}", service.Admin);
            foreach (var bearer in new[] { null, "Bearer nonsense", "Bearer " + made.Refresh, "Bearer " + made.Access })
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "/page");
                request.Headers.TryAddWithoutValidation("Authorization", bearer);
                Assert.Equal(HttpStatusCode.Unauthorized, (await http.SendAsync(request)).StatusCode);
            }
        }
        finally
        {
            proxy.Kill(entireProcessTree: true);
            await proxy.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task Holds(Func<string, int, int, Task<Process>> start)
    {
        var folder = Directory.CreateTempSubdirectory("tokenactors-proxy-").FullName;
        using var application = new HttpListener();
        var port = FreePort();
        var behind = FreePort();
        application.Prefixes.Add($"http://127.0.0.1:{behind}/");
        application.Start();
        using var proxy = await start(folder, port, behind);
        _ = proxy.StandardError.ReadToEndAsync();
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(10) };
            await UntilItAnswers(http);
            var made = await service.Create("viewer");
            var passed = await Ask(http, application, ("Authorization", "Bearer " + made.Access));
            Assert.Equal(made.Id, passed["X-Token-Id"]);
            Assert.Null(passed["Authorization"]);

            var token = (await service.Post(
                $"/client/v4/accounts/{service.OrganizationId}/access/service_tokens", service.Admin, new { name = "proxy" })).Is(HttpStatusCode.Created).Result;
            passed = await Ask(
                http, application, ("CF-Access-Client-Id", (string)token["client_id"]!), ("CF-Access-Client-Secret", (string)token["client_secret"]!));
            Assert.Equal((string)token["id"]!, passed["X-Service-Token"]);
            Assert.Null(passed["CF-Access-Client-Secret"]);

            // A bearer beside it, as of an application that has its own, is not looked at.
            passed = await Ask(
                http, application, ("CF-Access-Client-Id", (string)token["client_id"]!),
                ("CF-Access-Client-Secret", (string)token["client_secret"]!),
                ("Authorization", "Bearer of-the-application"));
            Assert.Equal((string)token["id"]!, passed["X-Service-Token"]);
            Assert.Null(passed["X-Token-Id"]);
            Assert.Null(passed["X-Token-Member"]);

            // A refresh secret opens nothing, also while its token lives.
            await Refused(null, "Bearer nonsense", "Bearer " + made.Refresh);
            (await service.Delete($"/v1/tokens/{made.Id}", service.Admin)).Is(HttpStatusCode.NoContent);
            await Refused("Bearer " + made.Access, "Bearer " + made.Refresh);

            async Task Refused(params string?[] bearers)
            {
                foreach (var bearer in bearers)
                {
                    using var request = new HttpRequestMessage(HttpMethod.Get, "/page");
                    request.Headers.TryAddWithoutValidation("Authorization", bearer);
                    Assert.Equal(HttpStatusCode.Unauthorized, (await http.SendAsync(request)).StatusCode);
                }
            }
        }
        finally
        {
            proxy.Kill(entireProcessTree: true);
            await proxy.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<System.Collections.Specialized.NameValueCollection> Ask(
        HttpClient http, HttpListener application, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/page");
        foreach (var (name, value) in headers.Concat(Forged.Select(name => (name, "FORGED"))))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var sent = http.SendAsync(request);
        var context = await application.GetContextAsync().WaitAsync(TimeSpan.FromSeconds(30));
        var seen = context.Request.Headers;
        Assert.DoesNotContain(
            seen.AllKeys,
            name => seen[name]!.Contains("FORGED", StringComparison.Ordinal) || seen[name]!.StartsWith('{'));
        context.Response.Close();
        Assert.Equal(HttpStatusCode.OK, (await sent).StatusCode);
        return seen;
    }

    private static Task UntilItAnswers(HttpClient http) => Eventually.Holds(
        async () =>
        {
            try
            {
                using var answer = await http.GetAsync("/");
                return true;
            }
            catch (Exception e) when (e is HttpRequestException or SocketException)
            {
                return false;
            }
        },
        "it answers");
}

/// <summary>A test that needs a program of the machine; skipped by name where it is not there.</summary>
public sealed class ProgramFactAttribute : FactAttribute
{
    /// <param name="program">its name</param>
    /// <param name="module">the file of a module of it that is needed too</param>
    public ProgramFactAttribute(string program, string? module = null)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin");
        Skip = folders.Any(folder => File.Exists(Path.Combine(folder, program)))
            && (module is null || File.Exists(module))
            ? null
            : $"{program}{(module is null ? "" : " with " + Path.GetFileNameWithoutExtension(module))} is not installed";
    }
}
