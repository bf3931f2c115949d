using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ToolGateway.Host.Dev;

/// <summary><c>toolgateway dev token</c>.</summary>
internal static class DevTokenCommand
{
    private static readonly Option<string> Out = new("--out") { Description = "Directory of issuer-key.pem and jwks.json, made when missing", DefaultValueFactory = _ => "certs" };

    private static readonly Option<string?> Key = new("--key")
    {
        Description = "Sign with this P-256 key instead, such as certs/jwt-svid-key.pem for a JWT-SVID (with --typ JWT and a spiffe:// subject)",
    };

    private static readonly Option<string?> Issuer = new("--issuer") { Description = "iss; leave it away for a JWT-SVID" };

    private static readonly Option<string[]> Audience = Many("--audience", "aud; repeatable", required: true);

    private static readonly Option<string> Subject = new("--subject") { Description = "sub: a user, or the agent itself", Required = true };

    private static readonly Option<string?> ClientId = new("--client-id")
    {
        Description = "client_id; equal to the subject, the token is the agent's own. An access token (at+jwt) always has one: default dev",
    };

    private static readonly Option<string[]> Act = Many("--act", "Subject of the acting agent (act.sub); repeated: earlier actors", required: false);

    private static readonly Option<string?> Scope = new("--scope") { Description = "scope" };

    private static readonly Option<string?> Task = new("--task") { Description = "Claim task: verified intent, when the issuer's Claims name it" };

    private static readonly Option<string?> Purpose = new("--purpose") { Description = "Claim purpose: verified intent, when the issuer's Claims name it" };

    private static readonly Option<string[]> Claims = Many("--claim", "Any other claim as name=value; the value is JSON, or else text; repeatable", required: false);

    private static readonly Option<FileInfo?> BoundTo = new("--cnf-cert") { Description = "PEM certificate that the token is bound to (cnf.x5t#S256)" };

    private static readonly Option<string> TokenType = new("--typ") { Description = "typ of the header", DefaultValueFactory = _ => "at+jwt" };

    private static readonly Option<TimeSpan> Lifetime = DevCommands.Lifetime("How long the token is valid", TimeSpan.FromMinutes(15));

    private static readonly Option<string> Format = DevCommands.Format();

    public static Command Create()
    {
        var command = new Command("token", "Signs a bearer token and prints it. The issuer's key and JWK Set are made on first use.")
        {
            Issuer, Audience, Subject, ClientId, Act, Scope, Task, Purpose, Claims, BoundTo, TokenType, Lifetime, Out, Key, Format,
        };
        command.SetAction(Run);
        return command;
    }

    /// <summary>The signer whose key is in a file, or a new one when there is no such file.</summary>
    internal static DevTokens LoadOrCreateKey(string path) => File.Exists(path) ? DevTokens.Load(File.ReadAllText(path)) : DevTokens.Create();

    private static int Run(ParseResult arguments)
    {
        try
        {
            using var signer = Signer(arguments);
            Print(arguments, signer, Request(arguments));
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            arguments.InvocationConfiguration.Error.WriteLine($"dev token: {e.Message}");
            return 1;
        }
    }

    private static DevTokens Signer(ParseResult arguments)
    {
        if (arguments.GetValue(Key) is { } file)
            return DevTokens.Load(File.ReadAllText(file));
        var directory = arguments.GetRequiredValue(Out);
        var signer = LoadOrCreateKey(Path.Combine(directory, "issuer-key.pem"));
        DevFiles.WriteKey(directory, "issuer-key.pem", signer.KeyPem());
        DevFiles.Write(directory, "jwks.json", signer.JwksJson());
        return signer;
    }

    private static DevTokenRequest Request(ParseResult arguments)
    {
        var extra = new JsonObject();
        if (arguments.GetValue(Task) is { } task)
            extra["task"] = task;
        if (arguments.GetValue(Purpose) is { } purpose)
            extra["purpose"] = purpose;
        foreach (var claim in arguments.GetRequiredValue(Claims))
        {
            var (name, value) = claim.IndexOf('=', StringComparison.Ordinal) is > 0 and var at
                ? (claim[..at], claim[(at + 1)..])
                : throw new ArgumentException($"--claim '{claim}' is not name=value.");
            extra[name] = JsonOrText(value);
        }

        return new DevTokenRequest
        {
            Issuer = arguments.GetValue(Issuer),
            Audiences = arguments.GetRequiredValue(Audience),
            Subject = arguments.GetRequiredValue(Subject),
            ClientId = arguments.GetValue(ClientId) ?? (arguments.GetRequiredValue(TokenType) == "at+jwt" ? "dev" : null),
            Actors = arguments.GetRequiredValue(Act),
            Scope = arguments.GetValue(Scope),
            BoundTo = arguments.GetValue(BoundTo) is { } file ? X509Certificate2.CreateFromPem(File.ReadAllText(file.FullName)) : null,
            TokenType = arguments.GetRequiredValue(TokenType),
            Lifetime = arguments.GetValue(Lifetime),
            Extra = extra,
        };
    }

    private static JsonNode? JsonOrText(string value)
    {
        try
        {
            return JsonNode.Parse(value);
        }
        catch (JsonException)
        {
            return value;
        }
    }

    private static void Print(ParseResult arguments, DevTokens signer, DevTokenRequest request)
    {
        var (output, token) = (arguments.InvocationConfiguration.Output, signer.Sign(request));
        if (arguments.GetValue(Format) == "text")
        {
            output.WriteLine(token);
            return;
        }

        var expires = (TimeProvider.System.GetUtcNow() + request.Lifetime).UtcDateTime;
        output.WriteLine(new JsonObject { ["token"] = token, ["kid"] = signer.KeyId, ["expires"] = expires.ToString("O") }.ToJsonString(DevFiles.Indented));
    }

    private static Option<string[]> Many(string name, string description, bool required) => new(name)
    {
        Description = description,
        Required = required,
        DefaultValueFactory = required ? null : _ => [],
        AllowMultipleArgumentsPerToken = true,
    };
}
