using ToolGateway.Decisions;
using ToolGateway.Decisions.Opa;
using ToolGateway.Hosting;

namespace ToolGateway.Tests.Decisions.Opa;

public sealed class OpaOptionsValidatorTests
{
    [Fact]
    public void Validate_Defaults_AreValid() => Assert.Empty(Errors(_ => { }));

    [Fact]
    public void Validate_WrongValues_NameKeyAndRepair()
    {
        var errors = Errors(options =>
        {
            options.Address = "unix://run/opa.sock";
            options.Timeout = TimeSpan.Zero;
            options.CircuitBreak = TimeSpan.FromMilliseconds(1);
            options.CircuitWindow = TimeSpan.FromHours(1);
            options.CircuitMinimumCalls = 1;
            options.Path = "data.toolgateway.decision";
            options.VisiblePath = "";
            options.TokenFile = "/does/not/exist";
        });
        foreach (var key in new[] { "Address", "Timeout", "CircuitBreak", "CircuitWindow", "CircuitMinimumCalls", "Path", "VisiblePath" })
            Assert.Contains(errors, error => error.Key == $"ToolGateway:Decisions:Opa:{key}" && error.Repair.Contains("write ", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.Repair.Contains("/does/not/exist", StringComparison.Ordinal));
        Assert.Equal(8, errors.Count);
    }

    private static IReadOnlyList<ConfigurationError> Errors(Action<OpaOptions> change)
    {
        var options = new OpaOptions { Address = "http://127.0.0.1:8181" };
        change(options);
        var errors = new ConfigurationErrors();
        OpaOptionsValidator.Validate(options, new FileSet("/"), errors);
        return errors.Items;
    }
}
