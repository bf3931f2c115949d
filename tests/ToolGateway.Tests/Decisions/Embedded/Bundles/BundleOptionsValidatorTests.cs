using ToolGateway.Decisions;
using ToolGateway.Decisions.Embedded.Bundles;
using ToolGateway.Hosting;

namespace ToolGateway.Tests.Decisions.Embedded.Bundles;

public sealed class BundleOptionsValidatorTests
{
    [Fact]
    public void Validate_DefaultsAndAWholeService_AreValid()
    {
        Assert.Empty(Errors(static options => options.Bundle = new BundleOptions()));
        Assert.Empty(Errors(static _ => { }));
        Assert.Empty(Errors(static options => options.Bundle.Url = "http://127.0.0.1:8888/bundle.tar.gz"));
        Assert.Empty(Errors(static options =>
        {
            options.PolicyPath = "x.tar.gz";
            options.Bundle = new BundleOptions { PersistPath = "/state/bundle.tar.gz" };
        }));
    }

    [Fact]
    public void Validate_WrongValues_NameKeyAndRepair()
    {
        var errors = Errors(static options =>
        {
            options.PolicyPath = "elsewhere";
            options.Bundle = new BundleOptions
            {
                Url = "http://bundles.example.com/bundle.tar.gz",
                PersistPath = "/tmp",
                TokenFile = "/does/not/exist",
                MinDelay = TimeSpan.FromHours(1),
                Timeout = TimeSpan.Zero,
                LongPollingTimeout = TimeSpan.FromSeconds(-1),
                MaxBytes = 0,
                MaxUnpackedBytes = int.MaxValue,
                MaxEntries = -1,
            };
        });
        foreach (var key in new[] { "Bundle:Url", "Bundle:PersistPath", "Bundle:MinDelay", "Bundle:Timeout", "Bundle:LongPollingTimeout", "Bundle:MaxBytes", "Bundle:MaxUnpackedBytes", "Bundle:MaxEntries", "PolicyPath" })
            Assert.Single(errors, error => error.Key == $"ToolGateway:Decisions:Embedded:{key}");
        Assert.Single(errors, static error => error.Repair.Contains("/does/not/exist", StringComparison.Ordinal));
        Assert.Equal(10, errors.Count);
    }

    [Fact]
    public void Validate_SecretsInTheAddress_AreRefusedAndNotShown()
    {
        foreach (var url in new[] { "https://user:hunter2@bundles.example.com/b.tar.gz", "https://bundles.example.com/b.tar.gz?sig=hunter2" })
        {
            var error = Assert.Single(Errors(options => options.Bundle.Url = url));
            Assert.Equal("ToolGateway:Decisions:Embedded:Bundle:Url", error.Key);
            Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Validate_WhatOnlyAServiceHas_NeedsOne()
    {
        var errors = Errors(static options =>
        {
            options.PolicyPath = "policies";
            options.Bundle = new BundleOptions { TokenFile = "a", CaPath = "b", ClientCertificatePath = "c", ClientKeyPath = "d", PersistPath = "/state/bundle.tar.gz" };
        });
        Assert.Equal(["TokenFile", "CaPath", "ClientCertificatePath", "ClientKeyPath", "PersistPath"], errors.Select(static error => error.Key.Split(':')[^1]));
        Assert.Contains(Errors(static options => options.Bundle.PersistPath = null), static error => error.Repair.StartsWith("missing; name the file", StringComparison.Ordinal));
    }

    private static IReadOnlyList<ConfigurationError> Errors(Action<EmbeddedOptions> change)
    {
        var options = new EmbeddedOptions { Bundle = new BundleOptions { Url = "https://bundles.example.com/bundle.tar.gz", PersistPath = "/state/bundle.tar.gz" } };
        change(options);
        var errors = new ConfigurationErrors();
        BundleOptionsValidator.Validate(options, new FileSet("/"), errors);
        return errors.Items;
    }
}
